package dev.staffetta.store.link;

import java.io.IOException;
import java.io.Serial;

/** The other side was reached, and says why it does not answer. */
public final class RefusedException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  RefusedException(String why) {
    super(why);
  }
}
