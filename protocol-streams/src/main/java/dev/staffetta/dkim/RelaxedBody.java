package dev.staffetta.dkim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The digest of a body in its relaxed form (RFC 6376 3.4.4), chunk by chunk: white space is one
 * space, none at the end of a line, no empty lines at the end. Belongs to one stream.
 */
final class RelaxedBody {
  private final MessageDigest digest;
  private final byte[] buffer = new byte[8192];
  private int buffered;

  // What was seen, but may turn out to be left out.

  private long emptyLines;
  private boolean isSpacePending;
  private boolean isCrPending;
  private boolean isLineStarted;

  RelaxedBody() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void update(byte octet) {
    if (isCrPending) {
      isCrPending = false;
      if (octet == '\n') {
        endLine();
        return;
      }
      content((byte) '\r');
    }
    if (octet == '\r') {
      isCrPending = true;
    } else if (octet == ' ' || octet == '\t') {
      isSpacePending = true;
    } else {
      content(octet);
    }
  }

  private void endLine() {
    isSpacePending = false;
    if (isLineStarted) {
      crlf();
    } else {
      emptyLines++;
    }
    isLineStarted = false;
  }

  private void content(byte octet) {
    for (; emptyLines > 0; emptyLines--) {
      crlf();
    }
    if (isSpacePending) {
      write((byte) ' ');
      isSpacePending = false;
    }
    write(octet);
    isLineStarted = true;
  }

  private void crlf() {
    write((byte) '\r');
    write((byte) '\n');
  }

  private void write(byte octet) {
    if (buffered == buffer.length) {
      digest.update(buffer, 0, buffered);
      buffered = 0;
    }
    buffer[buffered++] = octet;
  }

  byte[] finish() {
    if (isCrPending) {
      content((byte) '\r');
    }
    if (isLineStarted) {
      crlf();
    }
    digest.update(buffer, 0, buffered);
    return digest.digest();
  }
}
