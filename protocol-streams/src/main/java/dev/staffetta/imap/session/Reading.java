package dev.staffetta.imap.session;

import dev.staffetta.imap.framing.ImapFrame;
import org.apache.pekko.util.ByteString;

/** What the client's next frame is, and what is done with it. */
sealed interface Reading
    permits ReadingCommand, SkippingCommand, LoggingIn.ReadingResponse, Idling, Appending {
  /** The start of a command. */
  Reading COMMAND = new ReadingCommand(ByteString.emptyByteString(), 0);

  /** Takes the frame. */
  void on(Turn turn, ImapFrame frame);
}
