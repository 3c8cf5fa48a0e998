package dev.staffetta.store;

import java.util.Locale;
import org.apache.ratis.io.CorruptedFileException;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * What a replica has on the disk is not what was written there: a checksum does not fit, or
 * something is missing. Another replica has it.
 */
public final class DamagedReplicaException extends StoreException {
  private static final long serialVersionUID = 1L;

  public DamagedReplicaException(String message) {
    super(message);
  }

  public DamagedReplicaException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether a replica that could not be opened for this reason is damaged. */
  static boolean isMeantBy(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof DamagedReplicaException
          || e instanceof CorruptedFileException
          || e instanceof ChecksumException
          || e instanceof InvalidProtocolBufferException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether this is how LevelDB says that a file is damaged or gone: its libraries have only words
   * for it. Too many open files, say, is nothing of the kind.
   */
  static boolean isHowLevelDbSaysIt(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("corrupt")
          || message.contains("checksum")
          || message.contains("magic number")
          || message.contains("missing files")
          || message.contains("no such file")
          || message.contains("does not exist (create_if_missing is false)")) {
        return true;
      }
    }
    return false;
  }
}
