package dev.staffetta.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.staffetta.config.AccountSettings;
import dev.staffetta.ports.ContentId;
import dev.staffetta.sharding.Answer;
import dev.staffetta.sharding.Place;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a domain stays in memory, with a time that passes when the test says so. */
class DomainTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(ManualTime.config())
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<ActorRef<DomainCommand>> passivated = kit.createTestProbe();
  private final ActorRef<DomainCommand> domain =
      kit.spawn(
          Domain.create(
              "example.com",
              AccountSettings.from(ConfigFactory.load().getConfig("staffetta.accounts")),
              Optional.empty(),
              new HerePlace()));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private Resolution resolve() {
    TestProbe<Answer<Resolution>> probe = kit.createTestProbe();
    domain.tell(new DomainCommand.Resolve("alice", probe.getRef()));
    return probe.receiveMessage().orRefuse();
  }

  private void create() {
    TestProbe<Answer<Boolean>> probe = kit.createTestProbe();
    domain.tell(new DomainCommand.Create(new ContentId(1, 2), probe.getRef()));
    probe.receiveMessage().orRefuse();
  }

  @Test
  void oneThatDoesNotExistAnswersMoreThanOnceAndLeavesSoon() {
    assertThat(resolve()).isInstanceOf(Resolution.NoSuchDomain.class);
    time.timePasses(Duration.ofSeconds(2));
    assertThat(resolve()).isInstanceOf(Resolution.NoSuchDomain.class);
    time.expectNoMessageFor(Duration.ofSeconds(2), passivated);
    time.timePasses(Duration.ofSeconds(2));
    passivated.expectMessage(domain);
  }

  @Test
  void oneThatWasJustMadeStays() {
    assertThat(resolve()).isInstanceOf(Resolution.NoSuchDomain.class);
    create();
    assertThat(resolve()).isInstanceOf(Resolution.Unknown.class);
    time.expectNoMessageFor(Duration.ofSeconds(30), passivated);
  }

  private final class HerePlace implements Place<DomainCommand> {
    @Override
    public CompletionStage<Long> lastChange() {
      return CompletableFuture.completedStage(0L);
    }

    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public void passivate(ActorRef<DomainCommand> entity) {
      passivated.getRef().tell(entity);
    }
  }
}
