package dev.staffetta.pop3;

import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.Refusal;
import dev.staffetta.wire.Outgoing;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Replies as they go over the wire (RFC 1939 3, RFC 2449 3). */
final class Pop3Rendering implements Pop3Reply.Visitor<Outgoing> {
  /** Lines of a listing that are made at a time. */
  private static final int LINES_AT_ONCE = 256;

  private final Contents contents;

  Pop3Rendering(Contents contents) {
    this.contents = contents;
  }

  @Override
  public Outgoing ok(Pop3Reply.Ok ok) {
    return new Outgoing.Bytes(okLine(ok.text()));
  }

  @Override
  public Outgoing err(Pop3Reply.Err err) {
    return new Outgoing.Bytes(errLine(err.code(), err.text()));
  }

  @Override
  public Outgoing challenge(Pop3Reply.Challenge challenge) {
    return new Outgoing.Bytes(line("+ "));
  }

  @Override
  public Outgoing lines(Pop3Reply.Lines lines) {
    ByteString bytes = okLine(lines.text());
    for (String line : lines.lines()) {
      bytes = bytes.concat(line(line));
    }
    return new Outgoing.Bytes(bytes.concat(line(".")));
  }

  @Override
  public Outgoing scanListings(Pop3Reply.ScanListings listings) {
    Maildrop maildrop = listings.maildrop();
    return listing(
        maildrop, number -> number + " " + maildrop.messages().get(number).size() + "\r\n");
  }

  @Override
  public Outgoing uniqueIdListings(Pop3Reply.UniqueIdListings listings) {
    Maildrop maildrop = listings.maildrop();
    return listing(maildrop, number -> number + " " + maildrop.uniqueId(number) + "\r\n");
  }

  private static Outgoing listing(Maildrop maildrop, IntFunction<String> line) {
    return new Outgoing.Streamed(
        Source.single(okLine(maildrop.summary()))
            .concat(
                Source.range(1, maildrop.messages().size())
                    .filter(number -> !maildrop.isMarked(number))
                    .map(line::apply)
                    .grouped(LINES_AT_ONCE)
                    .map(lines -> ByteString.fromString(String.join("", lines))))
            .concat(Source.single(line("."))));
  }

  @Override
  public Outgoing content(Pop3Reply.Content content) {
    Message message = content.message();
    return new Outgoing.Streamed(
        contents
            .read(content.account(), message.content(), 0, message.size())
            .via(
                new ContentReply(
                    okLine(
                        content.bodyLines().isPresent()
                            ? "top of message follows"
                            : message.size() + " octets"),
                    Pop3Rendering::unreadable,
                    content.bodyLines())));
  }

  private static ByteString unreadable(Throwable failure) {
    Refusal refusal = Refusal.of(failure);
    return refusal.code() == Refusal.Code.NONEXISTENT
        ? errLine(Optional.empty(), "the message is gone, another session removed it")
        : errLine(Optional.of(ResponseCode.SYS_TEMP), "the message cannot be read now");
  }

  @Override
  public Outgoing startTls(Pop3Reply.StartTls startTls) {
    return new Outgoing.StartTls();
  }

  @Override
  public Outgoing close(Pop3Reply.Close close) {
    return new Outgoing.Close();
  }

  private static ByteString okLine(String text) {
    return line("+OK " + text);
  }

  private static ByteString errLine(Optional<ResponseCode> code, String text) {
    // A refusal's text may name what the client sent; it must stay one line.
    String oneLine = text.replaceAll("\\p{Cntrl}", " ");
    return line("-ERR " + code.map(c -> "[" + c.text() + "] ").orElse("") + oneLine);
  }

  private static ByteString line(String text) {
    return ByteString.fromString(text + "\r\n");
  }
}
