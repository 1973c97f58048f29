package dev.weft.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClusterDnsTest {
  private static final int A = 1;
  private static final int AAAA = 28;
  private static final List<String> MANY =
      IntStream.range(0, 100).mapToObj(i -> "10.244.0." + i).toList();
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "web.default.svc.cluster.local", List.of("10.96.0.20"),
          "headless.default.svc.cluster.local", List.of(),
          "many.default.svc.cluster.local", MANY);
  private static final Function<String, Optional<List<String>>> LOOKUP =
      name -> Optional.ofNullable(NAMES.get(name));

  @Test
  void a_name_in_any_case_has_its_addresses() {
    Answer answer = ask(query("WEB.default.svc.Cluster.local", A, ""), true);

    assertThat(answer.code()).isZero();
    assertThat(answer.addresses()).containsExactly("10.96.0.20");
    assertThat(answer.authorities()).isZero();
  }

  @Test
  void other_types_of_a_known_name_are_empty_with_a_soa() {
    Answer answer = ask(query("web.default.svc.cluster.local", AAAA, ""), true);

    assertThat(answer.code()).isZero();
    assertThat(answer.addresses()).isEmpty();
    assertThat(answer.authorities()).isEqualTo(1);
    assertThat(ask(query("headless.default.svc.cluster.local", A, ""), true).code()).isZero();
  }

  @Test
  void an_unknown_name_does_not_exist() {
    Answer answer = ask(query("web.default.svc.cluster.local.example.com", A, ""), true);

    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.authorities()).isEqualTo(1);
  }

  @Test
  void a_long_answer_is_cut_in_a_datagram_unless_the_client_takes_more() {
    String name = "many.default.svc.cluster.local";

    Answer plain = ask(query(name, A, ""), true);
    assertThat(plain.truncated()).isTrue();
    assertThat(plain.bytes()).isLessThanOrEqualTo(512);
    assertThat(plain.addresses()).hasSizeGreaterThan(20).isSubsetOf(MANY);
    // An OPT record: root, type 41, size 1400, no flags, no data.
    Answer edns = ask(query(name, A, "0000290578000000000000"), true);
    assertThat(edns.bytes()).isBetween(1000, 1232);
    assertThat(edns.additionals()).isEqualTo(1);
    assertThat(ask(query(name, A, ""), false).addresses()).isEqualTo(MANY);
  }

  @Test
  void garbage_gets_an_error_or_no_answer_but_does_no_harm() {
    Random random = new Random(1);
    byte[] valid = query("web.default.svc.cluster.local", A, "0000290578000000000000").array();
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = valid.clone();
      for (int i = random.nextInt(8); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1));
      assertThat(DnsMessage.answer(cut, LOOKUP, true).map(ByteBuffer::remaining).orElse(0))
          .isLessThanOrEqualTo(1232);
    }
    assertThat(DnsMessage.answer(ByteBuffer.allocate(5), LOOKUP, true)).isEmpty();
  }

  private record Answer(
      int code,
      boolean truncated,
      List<String> addresses,
      int authorities,
      int additionals,
      int bytes) {}

  private static Answer ask(ByteBuffer query, boolean datagram) {
    ByteBuffer message = DnsMessage.answer(query, LOOKUP, datagram).orElseThrow();
    int flags = message.getShort(2);
    int bytes = message.remaining();
    int answers = message.getShort(6);
    int position = query.limit() - (query.getShort(10) == 0 ? 0 : 11);
    assertThat(message.getShort(0)).isEqualTo(query.getShort(0));
    List<String> addresses = new java.util.ArrayList<>();
    for (int i = 0; i < answers; i++) {
      addresses.add(Ipv4Range.text(message.getInt(position + 12)));
      position += 16;
    }
    return new Answer(
        flags & 15,
        (flags & 0x200) != 0,
        addresses,
        message.getShort(8),
        message.getShort(10),
        bytes);
  }

  private static ByteBuffer query(String name, int type, String additional) {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.putShort((short) 77).putShort((short) 0x100).putShort((short) 1).putInt(0);
    out.putShort((short) (additional.isEmpty() ? 0 : 1));
    for (String label : name.split("\\.")) {
      out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.put((byte) 0).putShort((short) type).putShort((short) 1);
    out.put(HexFormat.of().parseHex(additional)).flip();
    byte[] exact = new byte[out.remaining()];
    out.get(exact);
    return ByteBuffer.wrap(exact);
  }
}
