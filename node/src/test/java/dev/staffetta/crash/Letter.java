package dev.staffetta.crash;

import java.nio.charset.StandardCharsets;

/**
 * One message of the load and what was done with it. Changed by the one client that owns it, read
 * by the checker when the clients have stopped.
 */
final class Letter {
  /** The folder that MOVE and COPY go to. */
  static final String ARCHIVE = "Archive";

  final String token;
  final String folder;
  final int bodyLines;
  Fate placed = Fate.NONE;
  Fate flagged = Fate.NONE;
  Fate moved = Fate.NONE;
  Fate copied = Fate.NONE;
  Fate expunged = Fate.NONE;

  Letter(String token, String folder, int bodyLines) {
    this.token = token;
    this.folder = folder;
    this.bodyLines = bodyLines;
  }

  /** Its bytes as its client sends them. */
  byte[] bytes() {
    StringBuilder text = new StringBuilder(256 + 64 * bodyLines);
    text.append("From: load@client.example.net\r\nTo: alice@example.com\r\nSubject: ")
        .append(token)
        .append("\r\nX-Token: ")
        .append(token)
        .append("\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <")
        .append(token)
        .append("@client.example.net>\r\n\r\n");
    for (int i = 0; i < bodyLines; i++) {
      text.append("line ")
          .append(i)
          .append(" of ")
          .append(token)
          .append(" ".repeat(20))
          .append("end\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return token
        + " in "
        + folder
        + ": placed "
        + placed
        + ", flagged "
        + flagged
        + ", moved "
        + moved
        + ", copied "
        + copied
        + ", expunged "
        + expunged;
  }
}
