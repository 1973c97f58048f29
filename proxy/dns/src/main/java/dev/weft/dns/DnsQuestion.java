package dev.weft.dns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A query with one question (RFC 1035, section 4).
 *
 * @param message the whole query; not changed
 * @param name lower case, without the final dot
 * @param end where the question ends in the message
 * @param udpSize how large a UDP answer may be (512, or what EDNS says)
 */
@SuppressWarnings("ArrayRecordComponent")
record DnsQuestion(
    byte[] message, int id, int flags, String name, int type, int qclass, int end, int udpSize) {
  static final int A = 1;
  static final int SOA = 6;
  static final int ANY = 255;
  static final int CNAME = 5;
  static final int AAAA = 28;
  static final int OPT = 41;
  static final int INTERNET = 1;
  static final int HEADER = 12;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE = 0x7800;
  private static final int MAX_UDP = 4096;
  private static final int MIN_UDP = 512;

  /** What a message turned out to be. */
  sealed interface Read {
    /** A query that can be answered. */
    record Asked(DnsQuestion question) implements Read {}

    /** A query that gets nothing but a code. */
    record Refused(int code) implements Read {}

    /** No query at all: an answer to it could be taken for one to somebody else's. */
    record Noise() implements Read {}
  }

  /**
   * Reads a message. What is asked in another way than by a standard query is not implemented (RFC
   * 1035, 4.1.1), and a query has one question (RFC 9619).
   */
  static Read read(byte[] message) {
    if (message.length < HEADER || (number(message, 2) & RESPONSE) != 0) {
      return new Read.Noise();
    }
    if ((number(message, 2) & OPCODE) != 0) {
      return new Read.Refused(DnsMessages.NOTIMP);
    }
    return number(message, 4) == 1
        ? question(message).<Read>map(Read.Asked::new).orElse(new Read.Refused(DnsMessages.FORMERR))
        : new Read.Refused(DnsMessages.FORMERR);
  }

  private static Optional<DnsQuestion> question(byte[] message) {
    StringBuilder name = new StringBuilder();
    int at = HEADER;
    while (true) {
      if (at >= message.length) {
        return Optional.empty();
      }
      int length = message[at++] & 0xff;
      if (length == 0) {
        break;
      }
      // A compression pointer has nothing to point at in the first name of a message.
      if (length > 63 || at + length > message.length || name.length() + length > 254) {
        return Optional.empty();
      }
      String label = new String(message, at, length, StandardCharsets.ISO_8859_1);
      if (label.indexOf('.') >= 0) {
        return Optional.empty();
      }
      name.append(name.isEmpty() ? "" : ".").append(label);
      at += length;
    }
    if (at + 4 > message.length) {
      return Optional.empty();
    }
    return Optional.of(
        new DnsQuestion(
            message,
            number(message, 0),
            number(message, 2),
            name.toString().toLowerCase(Locale.ROOT),
            number(message, at),
            number(message, at + 2),
            at + 4,
            udpSize(message, at + 4)));
  }

  /** The size in an OPT record, where that is the only record after the question. */
  private static int udpSize(byte[] message, int from) {
    boolean plain = number(message, 6) == 0 && number(message, 8) == 0;
    if (plain
        && number(message, 10) >= 1
        && from + 11 <= message.length
        && message[from] == 0
        && number(message, from + 1) == OPT) {
      return Math.clamp(number(message, from + 3), MIN_UDP, MAX_UDP);
    }
    return MIN_UDP;
  }

  static int number(byte[] message, int at) {
    return (message[at] & 0xff) << 8 | message[at + 1] & 0xff;
  }

  /** The name as it was written, case and all, with type and class. */
  byte[] question() {
    return Arrays.copyOfRange(message, HEADER, end);
  }
}
