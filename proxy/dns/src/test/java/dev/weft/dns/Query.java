package dev.weft.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Queries, and what answers to them say. */
final class Query {
  private Query() {}

  static byte[] of(String name, int type) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    for (String label : name.split("\\.", -1)) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes(new byte[] {0, (byte) (type >> 8), (byte) type, 0, 1});
    return out.toByteArray();
  }

  static int code(byte[] answer) {
    return answer[3] & 0xf;
  }

  static boolean truncated(byte[] answer) {
    return (answer[2] & 2) != 0;
  }

  /** Records of an answer as {@code A 1.2.3.4} or {@code CNAME name}. */
  static List<String> records(byte[] answer, byte[] query) {
    List<String> out = new ArrayList<>();
    int at = query.length;
    int count = DnsQuestion.number(answer, 6);
    for (int i = 0; i < count; i++) {
      at += 2;
      int type = DnsQuestion.number(answer, at);
      int ttl = DnsQuestion.number(answer, at + 6);
      int length = DnsQuestion.number(answer, at + 8);
      at += 10;
      if (ttl != 30) {
        out.add("ttl " + ttl);
      }
      if (type == DnsQuestion.CNAME) {
        StringBuilder name = new StringBuilder();
        int label = at;
        while (answer[label] != 0) {
          name.append(name.isEmpty() ? "" : ".")
              .append(new String(answer, label + 1, answer[label], StandardCharsets.US_ASCII));
          label += answer[label] + 1;
        }
        out.add("CNAME " + name);
      } else {
        StringBuilder ip = new StringBuilder();
        for (int b = 0; b < length; b++) {
          ip.append(b == 0 ? "" : ".").append(answer[at + b] & 0xff);
        }
        out.add((type == DnsQuestion.A ? "A " : "AAAA ") + ip);
      }
      at += length;
    }
    return out;
  }

  /** The owner of the SOA that an answer of nothing ends with; empty for the root. */
  static String soaDomain(byte[] answer, byte[] query) {
    if (DnsQuestion.number(answer, 8) != 1) {
      throw new AssertionError("no authority");
    }
    int at = query.length;
    if (DnsQuestion.number(answer, 6) == 1) {
      at += 12 + DnsQuestion.number(answer, at + 10);
    }
    String owner = name(answer, at);
    at += answer[at] == 0 ? 1 : 2;
    if (DnsQuestion.number(answer, at) != DnsQuestion.SOA
        || at + 10 + DnsQuestion.number(answer, at + 8) != answer.length) {
      throw new AssertionError("no SOA at the end");
    }
    return owner;
  }

  private static String name(byte[] message, int from) {
    StringBuilder name = new StringBuilder();
    int at = from;
    while (message[at] != 0) {
      if ((message[at] & 0xc0) == 0xc0) {
        at = DnsQuestion.number(message, at) & 0x3fff;
      } else {
        name.append(name.isEmpty() ? "" : ".")
            .append(new String(message, at + 1, message[at], StandardCharsets.US_ASCII));
        at += message[at] + 1;
      }
    }
    return name.toString();
  }
}
