package dev.staffetta.mailbox;

import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** Who asks where no actor runs. */
public final class NoActor {
  private NoActor() {}

  /** Nobody hears what it is told. */
  public static <R> ActorRef<R> ref() {
    return TestInbox.<R>create().getRef();
  }
}
