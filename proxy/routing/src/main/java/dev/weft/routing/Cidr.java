package dev.weft.routing;

import java.util.HexFormat;

/**
 * A range of IP addresses.
 *
 * @param hex the address in hexadecimal digits, bits beyond the prefix cleared: equal by content
 */
public record Cidr(String hex, int prefix) {
  public Cidr {
    int bits = hex.length() * 4;
    if ((bits != 32 && bits != 128) || prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("'" + hex + "/" + prefix + "' is not an address range");
    }
    hex = mask(hex, prefix);
  }

  /**
   * Of an IP literal.
   *
   * @throws IllegalArgumentException where the text is no IP address or the length does not fit
   */
  public static Cidr of(String address, int prefix) {
    return new Cidr(HexFormat.of().formatHex(IpLiteral.parse(address)), prefix);
  }

  /** Whether the address (4 or 16 bytes) is of the same family and in the range. */
  public boolean contains(byte[] address) {
    if (address.length * 2 != hex.length()) {
      return false;
    }
    int bit = 0;
    for (int i = 0; i < address.length && bit < prefix; i++, bit += 8) {
      int mine = HexFormat.fromHexDigits(hex, i * 2, i * 2 + 2);
      int cut = Math.max(0, 8 - (prefix - bit));
      if (((mine ^ (address[i] & 0xff)) >> cut) != 0) {
        return false;
      }
    }
    return true;
  }

  private static String mask(String hex, int prefix) {
    StringBuilder out = new StringBuilder(hex.length());
    for (int i = 0; i < hex.length(); i++) {
      int keep = Math.clamp(prefix - i * 4L, 0, 4);
      int digit = HexFormat.fromHexDigit(hex.charAt(i)) & (0xf0 >> keep);
      out.append(Character.forDigit(digit, 16));
    }
    return out.toString();
  }
}
