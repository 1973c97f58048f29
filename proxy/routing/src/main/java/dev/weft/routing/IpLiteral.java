package dev.weft.routing;

import java.net.InetAddress;

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
