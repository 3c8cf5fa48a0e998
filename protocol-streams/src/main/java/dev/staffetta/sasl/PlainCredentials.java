package dev.staffetta.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The one message of the mechanism PLAIN (RFC 4616 2): {@code [authzid] NUL authcid NUL passwd} in
 * UTF-8.
 *
 * @param authorizationIdentity whom to act as; empty: the user
 * @param user the authentication identity, not empty
 * @param password not empty
 */
public record PlainCredentials(
    Optional<String> authorizationIdentity, String user, String password) {
  /**
   * Reads a response as the line protocols carry it.
   *
   * @param base64 the response; {@code =} is the empty one
   * @return empty when it is not Base64 or not such a message
   */
  public static Optional<PlainCredentials> parse(String base64) {
    try {
      byte[] message = Base64.getDecoder().decode(base64.equals("=") ? "" : base64);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
      return split(text.split("\0", -1));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Optional<PlainCredentials> split(String[] parts) {
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      return Optional.empty();
    }
    Optional<String> authzid = Optional.of(parts[0]).filter(id -> !id.isEmpty());
    return Optional.of(new PlainCredentials(authzid, parts[1], parts[2]));
  }

  /** Whether the user wants to act as somebody else, which nobody here may. */
  public boolean isForAnother() {
    return authorizationIdentity.isPresent() && !authorizationIdentity.get().equalsIgnoreCase(user);
  }

  /** Without the password: this may end in a log. */
  @Override
  public String toString() {
    return "PlainCredentials[user=" + user + "]";
  }
}
