package dev.staffetta.domain;

import dev.staffetta.domain.AliasesParcel.AliasesLabel;
import dev.staffetta.domain.AliasesParcel.AliasesPart;
import dev.staffetta.domain.DomainCommand.ActivateDkimKey;
import dev.staffetta.domain.DomainCommand.AddAccount;
import dev.staffetta.domain.DomainCommand.AddAlias;
import dev.staffetta.domain.DomainCommand.AddDkimKey;
import dev.staffetta.domain.DomainCommand.Create;
import dev.staffetta.domain.DomainCommand.ListAccounts;
import dev.staffetta.domain.DomainCommand.ListAliases;
import dev.staffetta.domain.DomainCommand.ListDkimKeys;
import dev.staffetta.domain.DomainCommand.Remove;
import dev.staffetta.domain.DomainCommand.RemoveAccount;
import dev.staffetta.domain.DomainCommand.RemoveAlias;
import dev.staffetta.domain.DomainCommand.RemoveDkimKey;
import dev.staffetta.domain.DomainCommand.Resolve;
import dev.staffetta.domain.proto.DomainMessagesProto;
import dev.staffetta.domain.proto.DomainMessagesProto.Named;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.ContentId;
import dev.staffetta.ports.Directory;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.sharding.MessageSerializer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes what domains, and the list of all domains, are asked and answer, as {@code
 * domain_messages.proto} says.
 */
public final class DomainMessageSerializer extends MessageSerializer {
  private static final int IDENTIFIER = 9013;

  /** Made by Pekko. */
  public DomainMessageSerializer(ExtendedActorSystem system) {
    super(IDENTIFIER, system);
    changes();
    keys();
    questions();
    names();
    answers();
  }

  private void changes() {
    once(
        "create.1",
        Create.class,
        command -> operation(command.operation(), "", command.replyTo()),
        command -> new Create(operation(command), actor(command.getReplyTo())));
    once(
        "remove.1",
        Remove.class,
        command -> operation(command.operation(), "", command.replyTo()),
        command -> new Remove(operation(command), actor(command.getReplyTo())));
    named(
        "add-account.1",
        AddAccount.class,
        AddAccount::localPart,
        AddAccount::replyTo,
        AddAccount::new);
    named(
        "remove-account.1",
        RemoveAccount.class,
        RemoveAccount::localPart,
        RemoveAccount::replyTo,
        RemoveAccount::new);
    form(
        "add-alias.1",
        AddAlias.class,
        command ->
            DomainMessagesProto.AddAlias.newBuilder()
                .setAlias(DomainSerializer.alias(command.localPart(), command.targets()))
                .setReplyTo(actor(command.replyTo()))
                .build(),
        DomainMessagesProto.AddAlias.parser(),
        command ->
            new AddAlias(
                command.getAlias().getLocalPart(),
                DomainSerializer.targets(command.getAlias()),
                actor(command.getReplyTo())));
    once(
        "remove-alias.1",
        RemoveAlias.class,
        command -> operation(command.operation(), command.localPart(), command.replyTo()),
        command ->
            new RemoveAlias(operation(command), command.getName(), actor(command.getReplyTo())));
  }

  private void keys() {
    form(
        "add-dkim-key.1",
        AddDkimKey.class,
        command ->
            DomainMessagesProto.AddDkimKey.newBuilder()
                .setOperation(DomainSerializer.operation(command.operation()))
                .setKey(DomainSerializer.key(command.key()))
                .setReplyTo(actor(command.replyTo()))
                .build(),
        DomainMessagesProto.AddDkimKey.parser(),
        command ->
            new AddDkimKey(
                DomainSerializer.operation(command.getOperation()),
                DomainSerializer.key(command.getKey()),
                actor(command.getReplyTo())));
    named(
        "activate-dkim-key.1",
        ActivateDkimKey.class,
        ActivateDkimKey::selector,
        ActivateDkimKey::replyTo,
        ActivateDkimKey::new);
    once(
        "remove-dkim-key.1",
        RemoveDkimKey.class,
        command -> operation(command.operation(), command.selector(), command.replyTo()),
        command ->
            new RemoveDkimKey(operation(command), command.getName(), actor(command.getReplyTo())));
    question("list-dkim-keys.1", ListDkimKeys.class, ListDkimKeys::replyTo, ListDkimKeys::new);
    form(
        "dkim-keys.1",
        DomainKeys.class,
        keys ->
            DomainMessagesProto.DkimKeys.newBuilder()
                .addAllKeys(keys.keys().stream().map(DomainSerializer::key).toList())
                .build(),
        DomainMessagesProto.DkimKeys.parser(),
        keys -> new DomainKeys(keys.getKeysList().stream().map(DomainSerializer::key).toList()));
  }

  private void questions() {
    named("resolve.1", Resolve.class, Resolve::localPart, Resolve::replyTo, Resolve::new);
    question("list-accounts.1", ListAccounts.class, ListAccounts::replyTo, ListAccounts::new);
    question("list-aliases.1", ListAliases.class, ListAliases::replyTo, ListAliases::new);
  }

  private void names() {
    named(
        "add-name.1",
        DomainNamesCommand.Add.class,
        DomainNamesCommand.Add::name,
        DomainNamesCommand.Add::replyTo,
        DomainNamesCommand.Add::new);
    named(
        "remove-name.1",
        DomainNamesCommand.Remove.class,
        DomainNamesCommand.Remove::name,
        DomainNamesCommand.Remove::replyTo,
        DomainNamesCommand.Remove::new);
    question(
        "list-all.1",
        DomainNamesCommand.ListAll.class,
        DomainNamesCommand.ListAll::replyTo,
        DomainNamesCommand.ListAll::new);
  }

  private void answers() {
    resolution("resolved-account.1", Resolution.Account.class);
    resolution("resolved-alias.1", Resolution.Alias.class);
    resolution("resolved-unknown.1", Resolution.Unknown.class);
    resolution("resolved-no-domain.1", Resolution.NoSuchDomain.class);
    form(
        "aliases-label.1",
        AliasesLabel.class,
        label -> DomainMessagesProto.AliasesLabel.getDefaultInstance(),
        DomainMessagesProto.AliasesLabel.parser(),
        label -> new AliasesLabel());
    form(
        "aliases-part.1",
        AliasesPart.class,
        DomainMessageSerializer::aliases,
        DomainMessagesProto.AliasesPart.parser(),
        DomainMessageSerializer::aliases);
  }

  private <C> void once(
      String manifest, Class<C> type, Function<C, Named> write, Function<Named, C> read) {
    form(manifest, type, write, Named.parser(), read);
  }

  private <C, R> void named(
      String manifest,
      Class<C> type,
      Function<C, String> name,
      Function<C, ActorRef<R>> replyTo,
      BiFunction<String, ActorRef<R>, C> of) {
    form(
        manifest,
        type,
        command ->
            Named.newBuilder()
                .setName(name.apply(command))
                .setReplyTo(actor(replyTo.apply(command)))
                .build(),
        Named.parser(),
        command -> of.apply(command.getName(), actor(command.getReplyTo())));
  }

  private <Q, R> void question(
      String manifest,
      Class<Q> type,
      Function<Q, ActorRef<R>> replyTo,
      Function<ActorRef<R>, Q> of) {
    form(
        manifest,
        type,
        question -> Named.newBuilder().setReplyTo(actor(replyTo.apply(question))).build(),
        Named.parser(),
        question -> of.apply(actor(question.getReplyTo())));
  }

  private <R extends Resolution> void resolution(String manifest, Class<R> type) {
    form(
        manifest,
        type,
        DomainMessageSerializer::resolution,
        DomainMessagesProto.Resolution.parser(),
        resolution -> type.cast(resolution(resolution)));
  }

  private Named operation(ContentId operation, String name, ActorRef<?> replyTo) {
    return Named.newBuilder()
        .setOperation(DomainSerializer.operation(operation))
        .setName(name)
        .setReplyTo(actor(replyTo))
        .build();
  }

  private static ContentId operation(Named command) {
    return DomainSerializer.operation(command.getOperation());
  }

  private static DomainMessagesProto.Resolution resolution(Resolution resolution) {
    DomainMessagesProto.Resolution.Builder result = DomainMessagesProto.Resolution.newBuilder();
    if (resolution instanceof Resolution.Account account) {
      result.setAccount(account.account().address());
    } else if (resolution instanceof Resolution.Alias alias) {
      result.setAlias(DomainSerializer.alias("", alias.targets()));
    } else if (resolution instanceof Resolution.Unknown) {
      result.setIsUnknown(true);
    } else {
      result.setIsNoDomainOfOurs(true);
    }
    return result.build();
  }

  private static Resolution resolution(DomainMessagesProto.Resolution resolution) {
    return switch (resolution.getWhoCase()) {
      case ACCOUNT -> new Resolution.Account(new AccountId(resolution.getAccount()));
      case ALIAS -> new Resolution.Alias(DomainSerializer.targets(resolution.getAlias()));
      case IS_UNKNOWN -> new Resolution.Unknown();
      case IS_NO_DOMAIN_OF_OURS -> new Resolution.NoSuchDomain();
      case WHO_NOT_SET ->
          throw new IllegalArgumentException("a resolution of a later version: " + resolution);
    };
  }

  private static DomainMessagesProto.AliasesPart aliases(AliasesPart part) {
    DomainMessagesProto.AliasesPart.Builder result = DomainMessagesProto.AliasesPart.newBuilder();
    for (Directory.Alias alias : part.aliases()) {
      result.addAliases(
          DomainMessagesProto.AliasesPart.Alias.newBuilder()
              .setDomain(alias.address().domain())
              .setAlias(DomainSerializer.alias(alias.address().localPart(), alias.targets())));
    }
    return result.build();
  }

  private static AliasesPart aliases(DomainMessagesProto.AliasesPart part) {
    return new AliasesPart(
        part.getAliasesList().stream()
            .map(
                alias ->
                    new Directory.Alias(
                        new MailAddress(alias.getAlias().getLocalPart(), alias.getDomain()),
                        DomainSerializer.targets(alias.getAlias())))
            .toList());
  }
}
