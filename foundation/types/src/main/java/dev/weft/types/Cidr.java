package dev.weft.types;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IP addresses. RFC 4632 and RFC 4291, 2.3.
 *
 * @param network the address without the bits after the prefix
 * @param bits length of an address: 32 or 128
 */
public record Cidr(BigInteger network, int prefix, int bits) {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Of {@code address/length}; empty where the text is something else. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    Optional<Address> address = address(text.substring(0, slash));
    try {
      int prefix = Integer.parseInt(text.substring(slash + 1));
      return address
          .filter(a -> prefix >= 0 && prefix <= a.bits)
          .map(a -> new Cidr(a.value.shiftRight(a.bits - prefix), prefix, a.bits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether the text is an IP address and no host name. */
  public static boolean isAddress(String text) {
    return address(text).isPresent();
  }

  /** Whether the text is an address of this range. */
  public boolean contains(String text) {
    return address(text)
        .filter(a -> a.bits == bits && a.value.shiftRight(bits - prefix).equals(network))
        .isPresent();
  }

  private record Address(BigInteger value, int bits) {}

  private static Optional<Address> address(String text) {
    // Anything else would be looked up as a host name.
    if (!LITERAL.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = InetAddress.getByName(text).getAddress();
      return Optional.of(new Address(new BigInteger(1, bytes), bytes.length * 8));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
