package dev.staffetta.listen;

import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Why an address and port could not be had, in an operator's words. */
public final class BindFailure {
  private BindFailure() {}

  /** What failed, and what can be done; to be followed by "or change" and a setting. */
  public static String explain(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof UnresolvedAddressException || root instanceof UnknownHostException) {
      return "this name has no address; give it one in DNS or in the hosts file";
    }
    return (root.getMessage() == null ? root : root.getMessage()) + "; free the port";
  }
}
