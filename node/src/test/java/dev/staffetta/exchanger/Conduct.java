package dev.staffetta.exchanger;

import java.util.List;

/**
 * What an exchanger answers. An answer of 421 closes the connection. For any thread: every
 * connection has one of its own.
 */
public interface Conduct {
  /** Takes everything. */
  Conduct TAKES_ALL = new Conduct() {};

  default String greeting() {
    return "220 exchanger ESMTP";
  }

  default String mail() {
    return "250 2.1.0 ok";
  }

  default String recipient(String address) {
    return "250 2.1.5 ok";
  }

  /** What becomes of a message whose end has come, for these recipients. */
  default Ending end(List<String> recipients) {
    return Ending.TAKEN;
  }
}
