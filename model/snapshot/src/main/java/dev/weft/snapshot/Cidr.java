package dev.weft.snapshot;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param bits length of an address: 32 or 128
 */
record Cidr(BigInteger network, int prefix, int bits) {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  static Optional<Cidr> parse(String text) {
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
  static boolean isAddress(String text) {
    return address(text).isPresent();
  }

  boolean contains(String text) {
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
