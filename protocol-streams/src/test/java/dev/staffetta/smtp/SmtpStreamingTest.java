package dev.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.staffetta.ports.Spool;
import dev.staffetta.ports.SpooledMessage;
import dev.staffetta.wire.LocalServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large messages over a socket: nothing is held but what the spool has not yet taken. */
class SmtpStreamingTest {
  private static final int MESSAGE_SIZE = 40 * 1024 * 1024;

  private final SumSpool spool = new SumSpool();
  private final SmtpFixture fixture = new SmtpFixture();
  private final LocalServer server =
      LocalServer.start(
          connection ->
              new SmtpService(
                      SmtpRole.RECEIVE,
                      SmtpFixture.HOST,
                      fixture.settings,
                      fixture.mail.accounts(),
                      fixture.mail.deliveries(),
                      spool,
                      fixture.mail.directory(),
                      fixture.signatures)
                  .connection());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aLargeMessageReachesTheSpoolOctetForOctet()
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    CompletableFuture<String> reply = sendLargeMessage();
    // This spool cannot finish, so the message is refused when it is whole.
    assertThat(reply.get(60, TimeUnit.SECONDS)).startsWith("451 4.3.0");
    assertThat(spool.octets.get()).isEqualTo(MESSAGE_SIZE);
    assertThat(spool.sum.getValue()).isEqualTo(sumOf(MESSAGE_SIZE));
    assertThat(spool.largestChunk).isLessThanOrEqualTo(SmtpFramer.MAX_CHUNK);
  }

  @Test
  void aClientWaitsForASpoolThatDoesNotAnswer() throws IOException {
    spool.gate = new CompletableFuture<>();
    CompletableFuture<String> reply = sendLargeMessage();
    await().until(() -> spool.octets.get() > 0);
    long taken = spool.octets.get();
    await()
        .during(Duration.ofMillis(500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> spool.octets.get() == taken && !reply.isDone());
    spool.gate.complete(null);
    assertThat(reply.join()).startsWith("451 4.3.0");
    assertThat(spool.octets.get()).isEqualTo(MESSAGE_SIZE);
  }

  /** Sends it on a thread of its own; the last reply. */
  private CompletableFuture<String> sendLargeMessage() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
    client.setSoTimeout(60_000);
    BufferedReader replies =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    OutputStream out = client.getOutputStream();
    out.write(
        "HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<alice@example.com>\r\nDATA\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    for (String code : new String[] {"220", "250", "250", "250", "354"}) {
      assertThat(replies.readLine()).startsWith(code);
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try (client) {
            byte[] block = block();
            for (int sent = 0; sent < MESSAGE_SIZE; sent += block.length) {
              out.write(block);
            }
            out.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
            return replies.readLine();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static byte[] block() {
    return ("X-Field: " + "x".repeat(53) + "\r\n").repeat(1024).getBytes(StandardCharsets.US_ASCII);
  }

  private static long sumOf(int size) {
    CRC32 sum = new CRC32();
    byte[] block = block();
    for (int done = 0; done < size; done += block.length) {
      sum.update(block);
    }
    return sum.getValue();
  }

  /** Keeps nothing but the sum; answers appends when its gate is open, and never finishes. */
  private static final class SumSpool implements Spool {
    private final CRC32 sum = new CRC32();
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private final AtomicLong octets = new AtomicLong();
    private volatile int largestChunk;

    @Override
    public Writer open() {
      return new SumWriter();
    }

    private final class SumWriter implements Writer {
      private boolean isTraceTaken;

      @Override
      public CompletionStage<Void> append(ByteString chunk) {
        if (!isTraceTaken) {
          isTraceTaken = true;
          return CompletableFuture.completedFuture(null);
        }
        sum.update(chunk.toArrayUnsafe());
        largestChunk = Math.max(largestChunk, chunk.length());
        octets.addAndGet(chunk.length());
        return gate;
      }

      @Override
      public long size() {
        return octets.get();
      }

      @Override
      public CompletionStage<SpooledMessage> finish() {
        return CompletableFuture.failedFuture(new IllegalStateException("keeps nothing"));
      }

      @Override
      public void discard() {}
    }
  }
}
