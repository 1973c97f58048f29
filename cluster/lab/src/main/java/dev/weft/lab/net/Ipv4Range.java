package dev.weft.lab.net;

/** An IPv4 network such as 10.244.0.0/16; host bits of the written address are ignored. */
public record Ipv4Range(int base, int prefix) {

  public Ipv4Range {
    if (prefix < 1 || prefix > 30) {
      throw new IllegalArgumentException("prefix length " + prefix + " is not between 1 and 30");
    }
    base &= -1 << (32 - prefix);
  }

  /**
   * @param field named in the message when the text is no range
   */
  public static Ipv4Range parse(String field, String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          field + ": \"" + text + "\" has no prefix length; write it like 10.244.0.0/16");
    }
    try {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      return new Ipv4Range(address(field, text.substring(0, slash)), prefix);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          field + ": \"" + text + "\" is no IPv4 range; write it like 10.244.0.0/16", e);
    }
  }

  /** The address as a number in network order. */
  static int address(String field, String text) {
    String[] parts = text.split("\\.", -1);
    int value = 0;
    boolean valid = parts.length == 4;
    for (int i = 0; valid && i < 4; i++) {
      String part = parts[i];
      valid =
          !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      int octet = valid ? Integer.parseInt(part) : 0;
      valid &= octet <= 255;
      value = value << 8 | octet;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          field + ": \"" + text + "\" is no IPv4 address; write it like 172.18.0.2");
    }
    return value;
  }

  static boolean isAddress(String text) {
    try {
      address("", text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  /** Whether some address is in both. */
  public boolean overlaps(Ipv4Range other) {
    int wider = -1 << (32 - Math.min(prefix, other.prefix));
    return (base & wider) == (other.base & wider);
  }

  /** Whether an address is one of it. */
  public boolean contains(String address) {
    return isAddress(address) && (address("", address) & -1 << (32 - prefix)) == base;
  }

  /** The address with this number, 0 being the network's own. */
  String host(int number) {
    return text(base + number);
  }

  /** How many host numbers there are, the broadcast address not counted. */
  int hosts() {
    return (1 << (32 - prefix)) - 1;
  }

  @Override
  public String toString() {
    return text(base) + "/" + prefix;
  }
}
