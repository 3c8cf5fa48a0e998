package dev.staffetta.mime;

import java.util.List;

/**
 * How a part is to be shown (RFC 2183).
 *
 * @param type lower-case: {@code inline}, {@code attachment}
 * @param parameters in order
 */
public record ContentDisposition(String type, List<Parameter> parameters) {
  public ContentDisposition {
    parameters = List.copyOf(parameters);
  }
}
