package dev.weft.xds.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import dev.weft.xds.VirtualHostName;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged messages and names. */
class HostileMessageTest {
  @Test
  void a_message_is_read_or_refused() {
    Corpus.of("message")
        .torture(
            Set.of(FieldException.class),
            input -> {
              ProtoFields fields = ProtoFields.of(input, "");
              assertThat(ProtoStruct.read(fields)).isNotNull();
              fields.text(1);
              fields.integer(2);
              fields.messages(4, "x").forEach(message -> message.texts(1));
              fields.finish();
            });
  }

  @Test
  void a_name_is_one_of_ours_or_not() {
    Corpus.of("name")
        .torture(
            Set.of(),
            input -> {
              String name = new String(input, UTF_8);
              assertThat(ClusterName.parse(name)).isNotNull();
              assertThat(ListenerName.parse(name)).isNotNull();
              assertThat(VirtualHostName.parse(name)).isNotNull();
            });
  }
}
