package dev.staffetta.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Whatever the cuts of the stream into segments, a session says the same. */
final class SegmentationTest {
  private static ActorSystem system;

  @BeforeContainer
  static void start() {
    system = ActorSystem.create("segmentation");
  }

  @AfterContainer
  static void stop() {
    system.terminate();
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.MIXIN)
  void repliesDoNotDependOnSegments(
      @ForAll("commands") List<String> commands, @ForAll("cuts") List<Integer> cuts) {
    ByteString whole = ByteString.fromString(String.join("", commands));
    assertThat(replies(segments(whole, cuts))).isEqualTo(replies(List.of(whole)));
  }

  @Provide
  Arbitrary<List<String>> commands() {
    Arbitrary<String> data =
        Arbitraries.strings()
            .withChars("abc\r\n")
            .ofMinLength(1)
            .ofMaxLength(3000)
            .map(text -> "DATA " + text.length() + "\r\n" + text);
    Arbitrary<String> stream =
        Arbitraries.integers().between(1, 5000).map(size -> "STREAM " + size + "\r\n");
    Arbitrary<String> echo =
        Arbitraries.strings()
            .alpha()
            .ofMinLength(1)
            .ofMaxLength(50)
            .map(text -> "ECHO " + text + "\r\n");
    Arbitrary<String> tooLong =
        Arbitraries.integers().between(900, 1500).map(size -> "z".repeat(size) + "\r\n");
    return Arbitraries.oneOf(data, stream, echo, tooLong).list().ofMaxSize(20);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 3000))
        .as((small, large) -> Arbitraries.of(small, large))
        .flatMap(size -> size.list().ofMinSize(1).ofMaxSize(50));
  }

  private static List<ByteString> segments(ByteString whole, List<Integer> cuts) {
    List<ByteString> segments = new ArrayList<>();
    ByteString rest = whole;
    for (int i = 0; !rest.isEmpty(); i++) {
      int size = cuts.get(i % cuts.size());
      segments.add(rest.take(size));
      rest = rest.drop(size);
    }
    return segments;
  }

  private static String replies(List<ByteString> segments) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 0);
    Connection connection = new Connection("property", nowhere, nowhere, false, false);
    ConnectionFlow flow =
        new ConnectionFlow(TestCertificate::serverEngine, Runnable::run, ConnectionLimits.DEFAULT);
    return Source.from(segments)
        .via(flow.session(connection, new LineProtocol(new LineProtocol.World())))
        .runFold(ByteString.emptyByteString(), ByteString::concat, system)
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join()
        .utf8String();
  }
}
