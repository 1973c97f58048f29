package dev.weft.routing;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses written as text; host names are refused, so nothing is ever looked up. */
public final class IpLiteral {
  private IpLiteral() {}

  /**
   * Four or sixteen bytes.
   *
   * @throws IllegalArgumentException where the text is no IP literal
   */
  public static byte[] parse(String text) {
    return InetAddress.ofLiteral(text).getAddress();
  }

  /** The text of four or sixteen bytes. */
  public static String text(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address.length + " bytes are no IP address", e);
    }
  }

  /** Whether the text is an IPv4 or IPv6 literal. */
  public static boolean is(String text) {
    try {
      parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
