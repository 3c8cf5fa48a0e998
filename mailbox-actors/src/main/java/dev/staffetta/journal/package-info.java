/**
 * Pekko Persistence over the store: a journal ({@link dev.staffetta.journal.StoreJournal}) and a
 * snapshot store ({@link dev.staffetta.journal.StoreSnapshots}).
 *
 * <p>An actor's events and snapshots lie in the partition that {@link
 * dev.staffetta.journal.EntityPartition} makes of its persistence id. An event may bring contents
 * and references with it ({@link dev.staffetta.journal.ContentReferences}), a snapshot may be
 * written in segments ({@link dev.staffetta.journal.SegmentedSnapshot}). Both plugins find the
 * store by {@link dev.staffetta.journal.StoreExtension}. Knows no particular entity.
 */
package dev.staffetta.journal;
