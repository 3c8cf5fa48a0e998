package dev.staffetta.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class BindFailureTest {
  @Test
  void aPortThatIsTakenIsToBeFreed() {
    assertThat(BindFailure.explain(new BindException("Address already in use")))
        .isEqualTo("Address already in use; free the port");
  }

  @Test
  void aNameWithoutAnAddressIsToldSo() {
    assertThat(BindFailure.explain(new CompletionException(new UnresolvedAddressException())))
        .isEqualTo("this name has no address; give it one in DNS or in the hosts file");
  }

  @Test
  void whatHasNoMessageIsNamed() {
    assertThat(BindFailure.explain(new ClosedChannelException()))
        .startsWith("java.nio.channels.ClosedChannelException");
  }
}
