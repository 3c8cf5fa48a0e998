package dev.staffetta.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.staffetta.account.Addresses;
import dev.staffetta.ports.AccountId;
import dev.staffetta.ports.MailAddress;
import dev.staffetta.ports.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainDecisionsTest {
  private static final MailAddress ALICE = new MailAddress("alice", "example.com");
  private static final DomainState DOMAIN =
      new DomainChange.Created()
          .applyTo(DomainState.absent("example.com"))
          .withAccount("alice")
          .withAccount("bob")
          .withAccount("with+plus")
          .withAlias("all", List.of(ALICE));

  private static Resolution resolve(DomainState domain, String localPart) {
    return DomainDecisions.resolve(domain, localPart, Optional.empty());
  }

  private static Resolution account(String address) {
    return new Resolution.Account(new AccountId(address));
  }

  @Test
  void localPartsLeadToAccountsAndAliases() {
    assertThat(resolve(DOMAIN, "alice")).isEqualTo(account("alice@example.com"));
    assertThat(resolve(DOMAIN, "all")).isEqualTo(new Resolution.Alias(List.of(ALICE)));
    assertThat(resolve(DOMAIN, "nobody")).isEqualTo(new Resolution.Unknown());
    assertThat(resolve(DomainState.absent("x.example"), "alice"))
        .isEqualTo(new Resolution.NoSuchDomain());
  }

  @Test
  void detailIsLookedAwayFromUnlessTheWholeIsAnAccount() {
    assertThat(resolve(DOMAIN, "bob+a+b")).isEqualTo(account("bob@example.com"));
    assertThat(resolve(DOMAIN, "all+x")).isEqualTo(new Resolution.Alias(List.of(ALICE)));
    assertThat(resolve(DOMAIN, "with+plus")).isEqualTo(account("with+plus@example.com"));
    assertThat(resolve(DOMAIN, "+x")).isEqualTo(new Resolution.Unknown());
    assertThat(resolve(DOMAIN, "nobody+x")).isEqualTo(new Resolution.Unknown());
  }

  @Test
  void everyDomainHasAPostmaster() {
    MailAddress configured = new MailAddress("root", "example.org");
    assertThat(resolve(DOMAIN, "postmaster")).isEqualTo(account("alice@example.com"));
    assertThat(DomainDecisions.resolve(DOMAIN, "postmaster", Optional.of(configured)))
        .isEqualTo(new Resolution.Alias(List.of(configured)));
    DomainState own = DOMAIN.withAccount("postmaster");
    assertThat(DomainDecisions.resolve(own, "postmaster", Optional.of(configured)))
        .isEqualTo(account("postmaster@example.com"));
    MailAddress itself = new MailAddress("postmaster", "example.com");
    assertThat(DomainDecisions.resolve(DOMAIN, "postmaster", Optional.of(itself)))
        .isEqualTo(account("alice@example.com"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "a.b-c.example", "xn--bcher-kva.example", "localhost"})
  void possibleDomains(String domain) {
    assertThat(Addresses.domain(domain)).isEqualTo(domain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a.example",
        "a-.example",
        "a b",
        "ex_ample.com",
        "a.example.",
        "[127.0.0.1]"
      })
  void impossibleDomains(String domain) {
    assertThatThrownBy(() -> Addresses.domain(domain)).isInstanceOf(Refusal.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "a.b", "o'neil", "a+b", "a/b", "a|b", "jürgen", "Upper"})
  void possibleLocalParts(String localPart) {
    assertThat(Addresses.localPart(localPart)).isEqualToIgnoringCase(localPart);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".a", "a.", "a..b", "a b", "a@b", "a\"b", "a\u0000b", "a\\b", "(a)"})
  void impossibleLocalParts(String localPart) {
    assertThatThrownBy(() -> Addresses.localPart(localPart)).isInstanceOf(Refusal.class);
  }
}
