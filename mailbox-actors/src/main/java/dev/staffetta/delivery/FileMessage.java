package dev.staffetta.delivery;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.SpooledMessage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A message that waits in a file. */
record FileMessage(ContentId content, long size, MessageSummary summary, SpoolFile file)
    implements SpooledMessage {
  private static final int CHUNK_BYTES = 64 * 1024;

  @Override
  public Source<ByteString, NotUsed> bytes() {
    return FileIO.fromPath(file.path(), CHUNK_BYTES)
        .mapMaterializedValue(io -> NotUsed.getInstance());
  }

  @Override
  public void release() {
    file.delete();
  }
}
