package dev.staffetta.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressParserTest {
  /** Each address as {@code (name route mailbox host)}, with {@code -} for what is missing. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // RFC 5322 appendix A.1.
        "John Doe <jdoe@machine.example>|(John Doe,-,jdoe,machine.example)",
        "\"Joe Q. Public\" <john.q.public@example.com>|(Joe Q. Public,-,john.q.public,example.com)",
        "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"
            + "|(Mary Smith,-,mary,x.test)(-,-,jdoe,example.org)(Who?,-,one,y.test)",
        "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"
            + "|(-,-,boss,nil.test)(Giant; \"Big\" Box,-,sysservices,example.net)",
        "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"
            + "|(-,-,A Group,-)(Ed Jones,-,c,a.test)(-,-,joe,where.test)(John,-,jdoe,one.test)(-,-,-,-)",
        "Undisclosed recipients:;|(-,-,Undisclosed recipients,-)(-,-,-,-)",
        // RFC 5322 appendix A.5: white space and comments.
        "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>|(Pete,-,pete,silly.test)",
        "A Group(Some people)\t:Chris Jones <c@(Chris's host.)public.example>,joe@example.org,"
            + "John <jdoe@one.test> (my dear friend); (the end of the group)"
            + "|(-,-,A Group,-)(Chris Jones,-,c,public.example)(-,-,joe,example.org)"
            + "(John,-,jdoe,one.test)(-,-,-,-)",
        // RFC 5322 appendix A.6.1: obsolete addressing.
        "Joe Q. Public <john.q.public@example.com>|(Joe Q. Public,-,john.q.public,example.com)",
        "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example"
            + "|(Mary Smith,@node.test,mary,example.net)(-,-,jdoe,test.example)",
        "<@a.b,@c.d:e@f.g>|(-,@a.b,@c.d,e,f.g)",
        // Names in comments, quoted local parts, literals, encoded words.
        "alice@example.com (Alice in Chains)|(Alice in Chains,-,alice,example.com)",
        "\"john doe\"@example.com|(-,-,john doe,example.com)",
        "<\"a@b\"@example.com>|(-,-,a@b,example.com)",
        "root@[127.0.0.1]|(-,-,root,[127.0.0.1])",
        "=?utf-8?q?Doe,_John?= <j@d.e>|(=?utf-8?q?Doe,_John?=,-,j,d.e)",
        "a . b @ c . d|(-,-,a.b,c.d)",
        // What is no address is shown all the same.
        "alice|(-,-,alice,)",
        "alice@|(-,-,alice,)",
        "@example.com|(-,-,,example.com)",
        "<>|(-,-,,)",
        "Alice <alice>|(Alice,-,alice,)",
        "Alice <alice@example.com|(Alice,-,alice,example.com)",
        "Alice <alice@example.com, bob@x|(Alice,-,alice,example.com)(-,-,bob,x)",
        "Alice alice@example.com|(Alice,-,alice,example.com)",
        "alice@example.com Alice|(Alice,-,alice,example.com)",
        "a@b@c|(-,-,a@b,c)",
        "a@b;c@d|(-,-,a,b)(-,-,c,d)",
        "\"unclosed <a@b>|(-,-,unclosed <a@b>,)",
        "(unclosed <a@b>|",
        "one: a@b, two: c@d|(-,-,one,-)(-,-,a,b)(two:,-,c,d)(-,-,-,-)",
        ", ,,|",
        "]|(-,-,],)",
      })
  void readsAddressesGroupsAndWhatIsNeither(String value, String expected) {
    assertThat(shown(AddressParser.parse(value, 100))).isEqualTo(expected == null ? "" : expected);
  }

  @Property
  void anyTextIsReadAndGroupsAreClosed(
      @ForAll
          @Chars({'<', '>', '@', ',', ';', ':', '"', '(', ')', '\\', '[', ']', '.', ' ', '=', '?'})
          @CharRange(from = 'a', to = 'c')
          String value) {
    List<Address> found = AddressParser.parse(value, 1000);
    int depth = 0;
    for (Address address : found) {
      if (address.isGroupMark()) {
        depth += address.mailbox().isPresent() ? 1 : -1;
      } else {
        assertThat(address.mailbox()).isPresent();
      }
      assertThat(depth).isBetween(0, 1);
    }
    assertThat(depth).isZero();
  }

  private static String shown(List<Address> addresses) {
    return addresses.stream()
        .map(
            a ->
                "("
                    + or(a.name())
                    + ","
                    + or(a.route())
                    + ","
                    + or(a.mailbox())
                    + ","
                    + or(a.host())
                    + ")")
        .collect(Collectors.joining());
  }

  private static String or(Optional<String> text) {
    return text.orElse("-");
  }
}
