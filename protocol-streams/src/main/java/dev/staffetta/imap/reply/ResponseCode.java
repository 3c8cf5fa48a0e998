package dev.staffetta.imap.reply;

import dev.staffetta.ports.Refusal;

/**
 * A response code in the brackets of a status response (RFC 3501 7.1, RFC 5530).
 *
 * @param text without the brackets; empty: none
 */
public record ResponseCode(String text) {
  public static final ResponseCode NONE = new ResponseCode("");
  public static final ResponseCode AUTHENTICATIONFAILED = new ResponseCode("AUTHENTICATIONFAILED");
  public static final ResponseCode AUTHORIZATIONFAILED = new ResponseCode("AUTHORIZATIONFAILED");
  public static final ResponseCode BADCHARSET = new ResponseCode("BADCHARSET (US-ASCII UTF-8)");
  public static final ResponseCode CANNOT = new ResponseCode("CANNOT");
  public static final ResponseCode EXPUNGEISSUED = new ResponseCode("EXPUNGEISSUED");
  public static final ResponseCode LIMIT = new ResponseCode("LIMIT");
  public static final ResponseCode NONEXISTENT = new ResponseCode("NONEXISTENT");
  public static final ResponseCode PRIVACYREQUIRED = new ResponseCode("PRIVACYREQUIRED");
  public static final ResponseCode READ_ONLY = new ResponseCode("READ-ONLY");
  public static final ResponseCode READ_WRITE = new ResponseCode("READ-WRITE");
  public static final ResponseCode TOOBIG = new ResponseCode("TOOBIG");
  public static final ResponseCode TRYCREATE = new ResponseCode("TRYCREATE");
  public static final ResponseCode UNAVAILABLE = new ResponseCode("UNAVAILABLE");
  public static final ResponseCode USEATTR = new ResponseCode("USEATTR");

  /** The code of a port's refusal: they are named after the same RFC. */
  public static ResponseCode of(Refusal refusal) {
    return new ResponseCode(refusal.code().name());
  }

  /** The code in its brackets and a space behind it, or nothing. */
  @Override
  public String toString() {
    return text.isEmpty() ? "" : "[" + text + "] ";
  }
}
