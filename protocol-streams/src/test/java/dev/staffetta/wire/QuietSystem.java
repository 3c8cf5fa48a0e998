package dev.staffetta.wire;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** Settings of an actor system for tests: it says little and outlives no test. */
public final class QuietSystem {
  public static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.loglevel = WARNING
              pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              pekko.logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              pekko.stdout-loglevel = WARNING
              pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
              pekko.jvm-shutdown-hooks = off
              """)
          .withFallback(ConfigFactory.defaultReference());

  private QuietSystem() {}
}
