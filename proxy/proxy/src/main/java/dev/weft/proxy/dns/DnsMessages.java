package dev.weft.proxy.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers. */
final class DnsMessages {
  static final int SERVFAIL = 2;
  static final int TTL_SECONDS = 30;
  private static final int RESPONSE = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int POINTER = 0xc000;

  private DnsMessages() {}

  /** Header and question only, with a code. */
  static byte[] failure(DnsQuestion question, int code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header(out, question, 0, code);
    out.writeBytes(question.question());
    return out.toByteArray();
  }

  /**
   * Addresses of a name, as many as fit.
   *
   * @param alias empty, or the canonical name that the question's name is an alias of
   * @param limit in bytes; an answer that does not fit is cut and marked as truncated
   */
  static byte[] addresses(
      DnsQuestion question, String alias, List<InetAddress> addresses, int limit) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int start = question.end();
    int owner = DnsQuestion.HEADER;
    int count = 0;
    if (!alias.isEmpty()) {
      byte[] target = name(alias);
      number(records, POINTER | DnsQuestion.HEADER);
      head(records, DnsQuestion.CNAME, target.length);
      owner = start + records.size();
      records.writeBytes(target);
      count++;
    }
    boolean cut = false;
    for (InetAddress address : addresses) {
      byte[] bytes = address.getAddress();
      if (start + records.size() + 12 + bytes.length > limit) {
        cut = true;
        break;
      }
      number(records, POINTER | owner);
      head(records, bytes.length == 4 ? DnsQuestion.A : DnsQuestion.AAAA, bytes.length);
      records.writeBytes(bytes);
      count++;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header(out, question, count, cut ? TRUNCATED : 0);
    out.writeBytes(question.question());
    out.writeBytes(records.toByteArray());
    return out.toByteArray();
  }

  /** A forwarded answer that does not fit a UDP answer: the question alone, marked as truncated. */
  static byte[] truncated(DnsQuestion question) {
    return failure(question, TRUNCATED);
  }

  private static void header(
      ByteArrayOutputStream out, DnsQuestion question, int answers, int extra) {
    number(out, question.id());
    number(
        out,
        RESPONSE
            | AUTHORITATIVE
            | RECURSION_AVAILABLE
            | question.flags() & RECURSION_DESIRED
            | extra);
    number(out, 1);
    number(out, answers);
    number(out, 0);
    number(out, 0);
  }

  private static void head(ByteArrayOutputStream out, int type, int length) {
    number(out, type);
    number(out, DnsQuestion.INTERNET);
    number(out, 0);
    number(out, TTL_SECONDS);
    number(out, length);
  }

  private static byte[] name(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    out.write(0);
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }
}
