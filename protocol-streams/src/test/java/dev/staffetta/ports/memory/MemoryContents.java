package dev.staffetta.ports.memory;

import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Contents;
import dev.staffetta.ports.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

final class MemoryContents implements Contents {
  private final MemoryMail mail;

  MemoryContents(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public Source<ByteString, NotUsed> read(
      AccountId account, ContentId content, long offset, long length) {
    return Source.lazyCompletionStageSource(
            () -> mail.call(PortCall.READ, () -> stretch(account, content, offset, length)))
        .mapMaterializedValue(started -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<ByteString> readSmall(
      AccountId account, ContentId content, long offset, int length) {
    if (length > SMALL) {
      throw new IllegalArgumentException(length + " bytes are not small");
    }
    return mail.call(
        PortCall.READ,
        () -> {
          if (mail.faults().takeBreakOff().isPresent()) {
            throw new Faults.Broken(PortCall.READ);
          }
          return cut(content(account, content).bytes(), offset, length);
        });
  }

  private static ByteString cut(ByteString all, long offset, long length) {
    long from = Math.min(offset, all.size());
    long until = Math.min(all.size(), from + Math.min(length, all.size()));
    return all.slice((int) from, (int) until);
  }

  private Source<ByteString, NotUsed> stretch(
      AccountId account, ContentId content, long offset, long length) {
    ByteString wanted = cut(content(account, content).bytes(), offset, length);
    Optional<Long> breakOff = mail.faults().takeBreakOff();
    if (breakOff.isPresent()) {
      ByteString first = wanted.take((int) Math.min(wanted.size(), breakOff.get()));
      return chunks(first).concat(Source.failed(new Faults.Broken(PortCall.READ)));
    }
    return chunks(wanted);
  }

  private Source<ByteString, NotUsed> chunks(ByteString bytes) {
    List<ByteString> chunks = new ArrayList<>();
    for (int i = 0; i < bytes.size(); i += mail.chunkSize()) {
      chunks.add(bytes.slice(i, Math.min(bytes.size(), i + mail.chunkSize())));
    }
    return Source.from(chunks);
  }

  @Override
  public CompletionStage<List<MessageSummary>> summaries(
      AccountId account, List<ContentId> contents) {
    List<ContentId> wanted = List.copyOf(contents);
    return mail.call(
        PortCall.SUMMARIES,
        () -> wanted.stream().map(id -> content(account, id).summary()).toList());
  }

  private MemoryAccount.Content content(AccountId account, ContentId id) {
    MemoryAccount.Content found = mail.account(account).contents.get(id);
    if (found == null) {
      throw new Refusal(Refusal.Code.NONEXISTENT, "no content " + id);
    }
    return found;
  }
}
