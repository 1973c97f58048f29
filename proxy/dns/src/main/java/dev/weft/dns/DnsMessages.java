package dev.weft.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes answers. */
final class DnsMessages {
  static final int FORMERR = 1;
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;
  static final int NOTIMP = 4;
  static final int TTL_SECONDS = 30;
  private static final int REFRESH_SECONDS = 7200;
  private static final int RETRY_SECONDS = 1800;
  private static final int EXPIRE_SECONDS = 86_400;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int POINTER = 0xc000;

  private DnsMessages() {}

  /** The header of a query that could not be read, or is of another kind, and a code. */
  static byte[] refusal(byte[] query, int code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, DnsQuestion.number(query, 0));
    number(out, RESPONSE | DnsQuestion.number(query, 2) & (OPCODE | RECURSION_DESIRED) | code);
    out.writeBytes(new byte[8]);
    return out.toByteArray();
  }

  /**
   * That there is such a name, but nothing of the type that was asked for (RFC 2308, 2.2): the SOA
   * of the domain that the name is in says how long that may be remembered.
   *
   * @param alias empty, or the canonical name that the question's name is an alias of
   */
  static byte[] noData(DnsQuestion question, String alias) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int owner = DnsQuestion.HEADER;
    boolean inDomain = question.name().indexOf('.') >= 0;
    int label = question.message()[DnsQuestion.HEADER] & 0xff;
    int answers = 0;
    if (!alias.isEmpty()) {
      byte[] target = name(alias);
      number(records, POINTER | DnsQuestion.HEADER);
      head(records, DnsQuestion.CNAME, target.length);
      owner = question.end() + records.size();
      records.writeBytes(target);
      inDomain = alias.indexOf('.') >= 0;
      label = target[0];
      answers = 1;
    }
    int domain = inDomain ? POINTER | owner + 1 + label : 0;
    domain(records, domain);
    ByteArrayOutputStream soa = new ByteArrayOutputStream();
    number(soa, POINTER | owner);
    domain(soa, domain);
    for (int value : new int[] {1, REFRESH_SECONDS, RETRY_SECONDS, EXPIRE_SECONDS, TTL_SECONDS}) {
      number(soa, value >>> 16);
      number(soa, value);
    }
    head(records, DnsQuestion.SOA, soa.size());
    records.writeBytes(soa.toByteArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header(out, question, answers, 1, 0);
    out.writeBytes(question.question());
    out.writeBytes(records.toByteArray());
    return out.toByteArray();
  }

  private static void domain(ByteArrayOutputStream out, int pointer) {
    if (pointer == 0) {
      out.write(0);
    } else {
      number(out, pointer);
    }
  }

  /** The code of an answer; that of a broken one is a failure. */
  static int code(byte[] answer) {
    return answer.length < DnsQuestion.HEADER ? SERVFAIL : answer[3] & 0xf;
  }

  /** Header and question only, with a code. */
  static byte[] failure(DnsQuestion question, int code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header(out, question, 0, 0, code);
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
    header(out, question, count, 0, cut ? TRUNCATED : 0);
    out.writeBytes(question.question());
    out.writeBytes(records.toByteArray());
    return out.toByteArray();
  }

  /** A forwarded answer that does not fit a UDP answer: the question alone, marked as truncated. */
  static byte[] truncated(DnsQuestion question) {
    return failure(question, TRUNCATED);
  }

  private static void header(
      ByteArrayOutputStream out, DnsQuestion question, int answers, int authorities, int extra) {
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
    number(out, authorities);
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
