package dev.staffetta.proof;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the node of this process writes to its log that an operator would have to look into. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Queue<String> alarming = new ConcurrentLinkedQueue<>();

  /** Captures from now on. */
  static CapturedLog begin() {
    CapturedLog log = new CapturedLog();
    log.attach(root());
    return log;
  }

  private void attach(Logger root) {
    setContext(root.getLoggerContext());
    start();
    root.addAppender(this);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean hasStackTrace =
        event.getThrowableProxy() != null || event.getFormattedMessage().contains("\n\tat ");
    if (hasStackTrace || event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      alarming.add(
          event + (hasStackTrace ? " with a stack trace of " + event.getThrowableProxy() : ""));
    }
  }

  /** Errors, and whatever came with a stack trace. */
  List<String> alarming() {
    return List.copyOf(alarming);
  }

  @Override
  public void close() {
    root().detachAppender(this);
  }
}
