package dev.staffetta.store.content;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import org.apache.pekko.util.ByteString;

/**
 * A content that is small enough to be written together with the event that refers to it.
 *
 * @param bytes all of it
 */
public record SmallContent(ContentId id, MessageSummary summary, ByteString bytes) {}
