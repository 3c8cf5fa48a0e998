package dev.staffetta.store.content;

import dev.staffetta.ports.ContentId;

/**
 * That something of an entity refers to a content: while it does, the content is kept.
 *
 * @param number what of the entity: a mailbox's message by its UID, a queue's item by its number
 */
public record Reference(ContentId content, long number) {}
