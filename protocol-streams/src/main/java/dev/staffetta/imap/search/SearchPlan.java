package dev.staffetta.imap.search;

import dev.staffetta.imap.search.ContentText.Where;
import dev.staffetta.imap.search.SearchKey.AddressField;
import dev.staffetta.imap.search.SearchKey.When;
import dev.staffetta.mime.Address;
import dev.staffetta.mime.EncodedWords;
import dev.staffetta.mime.MessageDate;
import dev.staffetta.mime.MessageEnvelope;
import dev.staffetta.mime.MessageSummary;
import dev.staffetta.ports.Flags;
import dev.staffetta.ports.Message;
import dev.staffetta.ports.UidSet;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A SEARCH made ready: its keys as one {@link Term}, and the texts that must be looked for in
 * contents. Each key asks for no more than it needs: the table, the summary, or the content.
 */
final class SearchPlan {
  private final SearchRequest request;
  private final List<ContentText> texts = new ArrayList<>();
  private final Term term;

  SearchPlan(SearchRequest request) {
    this.request = request;
    this.term = request.key().accept(new Compiler());
  }

  /** Texts to be looked for in contents. */
  List<ContentText> texts() {
    return texts;
  }

  /** A message of the table, of which nothing but its row and its summary is known yet. */
  Candidate candidate(int sequenceNumber, Optional<MessageSummary> summary) {
    return new Candidate(
        sequenceNumber, request.table().get(sequenceNumber), summary, texts.size());
  }

  /** Whether a message matches, by what is known of it. */
  Answer answer(Candidate candidate) {
    return term.of(candidate);
  }

  private static Term ofTable(Predicate<Message> matches) {
    return candidate -> Answer.of(matches.test(candidate.message()));
  }

  private static Term ofEnvelope(Predicate<MessageEnvelope> matches) {
    return candidate ->
        candidate
            .summary()
            .map(summary -> Answer.of(matches.test(summary.envelope())))
            .orElse(Answer.UNKNOWN);
  }

  private Term ofContent(Where where, String field, String text) {
    ContentText wanted = new ContentText(texts.size(), where, field, new Needle(text));
    texts.add(wanted);
    return candidate -> candidate.answer(wanted);
  }

  /** All of them: the first no decides, and spares the reading for the others. */
  private static Answer all(List<Term> terms, Candidate candidate) {
    Answer answer = Answer.YES;
    for (Term term : terms) {
      Answer one = term.of(candidate);
      if (one == Answer.NO) {
        return Answer.NO;
      }
      answer = one == Answer.UNKNOWN ? Answer.UNKNOWN : answer;
    }
    return answer;
  }

  private static String shown(List<Address> addresses) {
    return addresses.stream().map(SearchPlan::shown).collect(Collectors.joining(", "));
  }

  private static String shown(Address address) {
    String name = address.name().map(EncodedWords::decode).orElse("");
    String mailbox = EncodedWords.decode(address.mailbox().orElse(""));
    return address.isGroupMark()
        ? mailbox
        : name + " <" + mailbox + "@" + EncodedWords.decode(address.host().orElse("")) + ">";
  }

  private final class Compiler implements SearchKey.Visitor<Term> {
    @Override
    public Term all(SearchKey.All key) {
      return candidate -> Answer.YES;
    }

    @Override
    public Term and(SearchKey.And key) {
      List<Term> terms = key.keys().stream().map(k -> k.accept(this)).toList();
      return candidate -> SearchPlan.all(terms, candidate);
    }

    @Override
    public Term or(SearchKey.Or key) {
      // Either is: not (neither).
      List<Term> neither =
          List.of(
              new SearchKey.Not(key.left()).accept(this),
              new SearchKey.Not(key.right()).accept(this));
      return candidate -> SearchPlan.all(neither, candidate).not();
    }

    @Override
    public Term not(SearchKey.Not key) {
      Term term = key.key().accept(this);
      return candidate -> term.of(candidate).not();
    }

    @Override
    public Term flag(SearchKey.Flag key) {
      return ofTable(message -> (message.flags() & key.bit()) != 0);
    }

    @Override
    public Term keyword(SearchKey.Keyword key) {
      long bits = 0;
      for (int i = 0; i < request.keywords().size(); i++) {
        bits |= request.keywords().get(i).equalsIgnoreCase(key.name()) ? Flags.keyword(i) : 0;
      }
      // A keyword that the mailbox has never met is no message's.
      return flag(new SearchKey.Flag(bits));
    }

    @Override
    public Term recent(SearchKey.Recent key) {
      return ofTable(message -> message.uid() >= request.recentFrom());
    }

    @Override
    public Term numbers(SearchKey.Numbers key) {
      UidSet numbers = key.numbers().resolve(request.table().size());
      return candidate -> Answer.of(numbers.contains(candidate.sequenceNumber()));
    }

    @Override
    public Term uids(SearchKey.Uids key) {
      UidSet uids = key.uids().uids(request.table());
      return ofTable(message -> uids.contains(message.uid()));
    }

    @Override
    public Term modseq(SearchKey.Modseq key) {
      return ofTable(message -> message.modseq() >= key.atLeast());
    }

    @Override
    public Term larger(SearchKey.Larger key) {
      return ofTable(message -> message.size() > key.size());
    }

    @Override
    public Term smaller(SearchKey.Smaller key) {
      return ofTable(message -> message.size() < key.size());
    }

    @Override
    public Term internalDate(SearchKey.InternalDate key) {
      return ofTable(
          message -> {
            LocalDate date = LocalDate.ofInstant(message.internalDate(), ZoneOffset.UTC);
            return key.when().holds(date, key.day());
          });
    }

    @Override
    public Term sentDate(SearchKey.SentDate key) {
      When when = key.when();
      return ofEnvelope(
          envelope ->
              envelope
                  .date()
                  .flatMap(MessageDate::day)
                  .filter(d -> when.holds(d, key.day()))
                  .isPresent());
    }

    @Override
    public Term address(SearchKey.Address key) {
      Needle needle = new Needle(key.text());
      Function<MessageEnvelope, List<Address>> field = field(key.field());
      return ofEnvelope(
          envelope -> {
            List<Address> addresses = field.apply(envelope);
            return !addresses.isEmpty() && needle.isIn(shown(addresses));
          });
    }

    private static Function<MessageEnvelope, List<Address>> field(AddressField field) {
      return switch (field) {
        case FROM -> MessageEnvelope::from;
        case TO -> MessageEnvelope::to;
        case CC -> MessageEnvelope::cc;
        case BCC -> MessageEnvelope::bcc;
      };
    }

    @Override
    public Term subject(SearchKey.Subject key) {
      Needle needle = new Needle(key.text());
      return ofEnvelope(
          envelope ->
              envelope.subject().map(EncodedWords::decode).filter(needle::isIn).isPresent());
    }

    @Override
    public Term header(SearchKey.Header key) {
      String name = key.name().toLowerCase(Locale.ROOT);
      Needle needle = new Needle(key.text());
      // What clients look for most is in the summary (RFC 5322 3.6: at most one of each).
      return switch (name) {
        case "message-id" ->
            ofEnvelope(envelope -> envelope.messageId().filter(needle::isIn).isPresent());
        case "in-reply-to" ->
            ofEnvelope(envelope -> envelope.inReplyTo().filter(needle::isIn).isPresent());
        default -> ofContent(Where.FIELD, name, key.text());
      };
    }

    @Override
    public Term body(SearchKey.Body key) {
      return key.text().isEmpty()
          ? all(new SearchKey.All())
          : ofContent(Where.BODY, "", key.text());
    }

    @Override
    public Term text(SearchKey.Text key) {
      return key.text().isEmpty()
          ? all(new SearchKey.All())
          : ofContent(Where.ANYWHERE, "", key.text());
    }
  }
}
