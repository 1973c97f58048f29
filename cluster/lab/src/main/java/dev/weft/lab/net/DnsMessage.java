package dev.weft.lab.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers DNS queries as bytes, without any socket. Sources: RFC 1035 (format), RFC 2308 (negative
 * answers with SOA), RFC 6891 (EDNS).
 */
final class DnsMessage {
  private static final int HEADER_BYTES = 12;
  private static final int PLAIN_UDP_BYTES = 512;
  private static final int EDNS_UDP_BYTES = 1232;
  private static final int TYPE_A = 1;
  private static final int TYPE_SOA = 6;
  private static final int TYPE_OPT = 41;
  private static final int TYPE_ANY = 255;
  private static final int CLASS_IN = 1;
  private static final int FORMAT_ERROR = 1;
  private static final int NO_SUCH_NAME = 3;
  private static final int NOT_IMPLEMENTED = 4;
  private static final int RESPONSE = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int OPCODE = 0x7800;

  /** As CoreDNS has it for cluster names: short, since endpoints come and go. */
  private static final int TTL_SECONDS = 5;

  private DnsMessage() {}

  private record Question(String name, int type, int dnsClass, int end) {}

  /**
   * The answer to a datagram; empty for what is no query at all, which gets none.
   *
   * @param lookup the addresses of a name in lower case without a dot at its end; empty where there
   *     is no such name
   * @param datagram whether the answer has to fit into one, or is cut
   */
  static Optional<ByteBuffer> answer(
      ByteBuffer query, Function<String, Optional<List<String>>> lookup, boolean datagram) {
    if (query.remaining() < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = query.slice();
    int flags = in.getShort(2) & 0xffff;
    if ((flags & RESPONSE) != 0) {
      return Optional.empty();
    }
    if ((flags & OPCODE) != 0) {
      return Optional.of(error(in, flags, NOT_IMPLEMENTED));
    }
    Optional<Question> question = (in.getShort(4) & 0xffff) == 1 ? question(in) : Optional.empty();
    if (question.isEmpty()) {
      return Optional.of(error(in, flags, FORMAT_ERROR));
    }
    int limit = datagram ? PLAIN_UDP_BYTES : 0xffff;
    Optional<Integer> edns = ednsSize(in, question.get().end());
    if (datagram && edns.isPresent()) {
      limit = Math.clamp(edns.get(), PLAIN_UDP_BYTES, EDNS_UDP_BYTES);
    }
    return Optional.of(
        write(in, flags, question.get(), lookup.apply(question.get().name()), edns, limit));
  }

  private static ByteBuffer write(
      ByteBuffer in,
      int flags,
      Question question,
      Optional<List<String>> found,
      Optional<Integer> edns,
      int limit) {
    ByteBuffer out = ByteBuffer.allocate(limit);
    out.put(in.slice(0, question.end()));
    int answered = flags & RECURSION_DESIRED | RESPONSE | AUTHORITATIVE | RECURSION_AVAILABLE;
    int extra = edns.isPresent() ? 11 : 0;
    int answers = 0;
    boolean wanted =
        question.dnsClass() == CLASS_IN
            && (question.type() == TYPE_A || question.type() == TYPE_ANY);
    for (String address : wanted ? found.orElse(List.of()) : List.<String>of()) {
      if (Ipv4Range.isAddress(address)) {
        if (out.remaining() < 16 + extra) {
          answered |= TRUNCATED;
          break;
        }
        // The name is the question's, right behind the header.
        out.putShort((short) (0xc000 | HEADER_BYTES)).putShort((short) TYPE_A);
        out.putShort((short) CLASS_IN).putInt(TTL_SECONDS).putShort((short) 4);
        out.putInt(Ipv4Range.address("address", address));
        answers++;
      }
    }
    boolean authority = answers == 0 && (answered & TRUNCATED) == 0 && soa(out, extra);
    if (edns.isPresent()) {
      out.put((byte) 0).putShort((short) TYPE_OPT).putShort((short) EDNS_UDP_BYTES);
      out.putInt(0).putShort((short) 0);
    }
    out.putShort(2, (short) (answered | (found.isEmpty() ? NO_SUCH_NAME : 0)));
    out.putShort(4, (short) 1).putShort(6, (short) answers);
    out.putShort(8, (short) (authority ? 1 : 0)).putShort(10, (short) (edns.isPresent() ? 1 : 0));
    return out.flip();
  }

  /** Owned by the root, which is above every name that was asked for. */
  private static boolean soa(ByteBuffer out, int extra) {
    byte[] server = name("ns.dns.cluster.local");
    byte[] mailbox = name("hostmaster.cluster.local");
    int data = server.length + mailbox.length + 20;
    if (out.remaining() < 11 + data + extra) {
      return false;
    }
    out.put((byte) 0).putShort((short) TYPE_SOA).putShort((short) CLASS_IN).putInt(TTL_SECONDS);
    out.putShort((short) data).put(server).put(mailbox);
    out.putInt(1).putInt(7200).putInt(1800).putInt(86400).putInt(TTL_SECONDS);
    return true;
  }

  private static ByteBuffer error(ByteBuffer in, int flags, int code) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
    out.putShort(in.getShort(0));
    out.putShort((short) (flags & (RECURSION_DESIRED | OPCODE) | RESPONSE | code));
    return out.rewind();
  }

  /** A question's name is never compressed. */
  private static Optional<Question> question(ByteBuffer in) {
    StringBuilder name = new StringBuilder();
    int position = HEADER_BYTES;
    while (position < in.limit()) {
      int length = in.get(position++) & 0xff;
      if (length == 0) {
        if (position + 4 > in.limit()) {
          return Optional.empty();
        }
        int type = in.getShort(position) & 0xffff;
        int dnsClass = in.getShort(position + 2) & 0xffff;
        String lower = name.toString().toLowerCase(Locale.ROOT);
        return Optional.of(new Question(lower, type, dnsClass, position + 4));
      }
      if (length > 63 || position + length > in.limit() || name.length() + length > 253) {
        return Optional.empty();
      }
      byte[] label = new byte[length];
      in.get(position, label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
      position += length;
    }
    return Optional.empty();
  }

  /** What the client can take, if the first record behind the question says so. */
  private static Optional<Integer> ednsSize(ByteBuffer in, int end) {
    boolean present =
        in.getShort(10) != 0
            && in.getShort(6) == 0
            && in.getShort(8) == 0
            && in.limit() >= end + 11
            && in.get(end) == 0
            && in.getShort(end + 1) == TYPE_OPT;
    return present ? Optional.of(in.getShort(end + 3) & 0xffff) : Optional.empty();
  }

  private static byte[] name(String name) {
    ByteBuffer out = ByteBuffer.allocate(name.length() + 2);
    for (String label : name.split("\\.")) {
      out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    return out.put((byte) 0).array();
  }
}
