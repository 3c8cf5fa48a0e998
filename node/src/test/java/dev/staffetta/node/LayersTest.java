package dev.staffetta.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.staffetta.wire.SessionMachine;
import java.util.Arrays;

/** The layers of the design: dependencies point down only. */
@AnalyzeClasses(
    packages = "dev.staffetta",
    importOptions = {ImportOption.DoNotIncludeTests.class, TestJarsExcluded.class})
class LayersTest {
  private static final String[] CLUSTER_CONFIG = {"dev.staffetta.config.."};
  private static final String[] PROTOCOL_STREAMS = {
    "dev.staffetta.wire..",
    "dev.staffetta.sasl..",
    "dev.staffetta.smtp..",
    "dev.staffetta.pop3..",
    "dev.staffetta.imap..",
    "dev.staffetta.mime..",
    "dev.staffetta.dkim..",
    "dev.staffetta.report..",
    "dev.staffetta.ports.."
  };
  private static final String[] MAILBOX_ACTORS = {
    "dev.staffetta.domain..",
    "dev.staffetta.account..",
    "dev.staffetta.mailbox..",
    "dev.staffetta.delivery..",
    "dev.staffetta.relay..",
    "dev.staffetta.sharding..",
    "dev.staffetta.placement..",
    "dev.staffetta.system..",
    "dev.staffetta.store..",
    "dev.staffetta.journal.."
  };
  private static final String[] NODE = {
    "dev.staffetta.node..",
    "dev.staffetta.listen..",
    "dev.staffetta.admin..",
    "dev.staffetta.metrics..",
    "dev.staffetta.cli..",
    "dev.staffetta.cluster.."
  };

  @ArchTest
  static final ArchRule everyPackageBelongsToALayer =
      classes()
          .should()
          .resideInAnyPackage(join(CLUSTER_CONFIG, PROTOCOL_STREAMS, MAILBOX_ACTORS, NODE));

  @ArchTest
  static final ArchRule dependenciesPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cluster-config")
          .definedBy(CLUSTER_CONFIG)
          .layer("protocol-streams")
          .definedBy(PROTOCOL_STREAMS)
          .layer("mailbox-actors")
          .definedBy(MAILBOX_ACTORS)
          .layer("node")
          .definedBy(NODE)
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("mailbox-actors")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("protocol-streams")
          .mayOnlyBeAccessedByLayers("mailbox-actors", "node");

  @ArchTest
  static final ArchRule protocolsKnowNoClusterAndNoStore =
      noClasses()
          .that()
          .resideInAnyPackage(PROTOCOL_STREAMS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko.cluster..",
              "org.apache.pekko.persistence..",
              "org.apache.pekko.remote..",
              "org.apache.ratis..",
              "org.iq80.leveldb..",
              "org.fusesource..");

  @ArchTest
  static final ArchRule sessionsHaveNoActorSocketOrThread =
      noClasses()
          .that()
          .areAssignableTo(SessionMachine.class)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko.actor..",
              "org.apache.pekko.stream..",
              "java.nio.channels..",
              "java.util.concurrent..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule settingsActOnNothing =
      noClasses()
          .that()
          .resideInAnyPackage(CLUSTER_CONFIG)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pekko..", "org.apache.ratis..");

  @ArchTest
  static final ArchRule topicsHaveNoCycles =
      slices().matching("dev.staffetta.(*)..").should().beFreeOfCycles();

  private static String[] join(String[]... packages) {
    return Arrays.stream(packages).flatMap(java.util.Arrays::stream).toArray(String[]::new);
  }
}
