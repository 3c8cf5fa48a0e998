package dev.staffetta.store.link;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one Raft server may ask another, and the byte that stands for it in a frame. */
enum Question {
  APPEND_ENTRIES(1),
  REQUEST_VOTE(2),
  START_ELECTION(3),
  INSTALL_SNAPSHOT(4),
  READ_INDEX(5),
  /** A write or a read of whoever is not a replica's leader. */
  CLIENT(6),
  SET_CONFIGURATION(7),
  GROUP_INFO(8);

  private static final Map<Byte, Question> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(Question::code, Function.identity()));

  private final byte code;

  Question(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static Optional<Question> of(byte code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }
}
