package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.codec.ReasonPhrase;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.Test;

/** What clients have seen as the reason of an answer of the proxy's own. */
class ReasonPhraseTest {
  @Test
  void statuses_are_called_as_netty_calls_them() {
    for (int status = 0; status < 1000; status++) {
      assertThat(ReasonPhrase.of(status))
          .isEqualTo(HttpResponseStatus.valueOf(status).reasonPhrase());
    }
  }
}
