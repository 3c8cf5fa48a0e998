/**
 * The bytes of messages in the store: in chunks, with their summary beside them, kept while a
 * reference leads to them and swept some time after the last is gone.
 *
 * <p>A content and all references to it are in one partition, that of the account. Small contents
 * are written in the batch of the event that refers to them ({@link
 * dev.staffetta.store.content.ContentChanges}), large ones before it ({@link
 * dev.staffetta.store.content.StoredContents}), from any node. They never change: whichever replica
 * has one may serve it ({@code ContentValues}).
 */
package dev.staffetta.store.content;
