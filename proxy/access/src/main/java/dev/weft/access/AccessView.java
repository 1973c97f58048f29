package dev.weft.access;

import dev.weft.routing.RequestView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision about access may see. Addresses are 4 or 16 bytes, not changed by the reader. */
public interface AccessView {
  /** The request, its path normalized; null where bytes are passed on. */
  @Nullable RequestView request();

  /**
   * What the peer's verified certificate names it: URIs, then DNS names, then its subject; empty
   * where there is no such certificate.
   */
  List<String> peerNames();

  /** The peer of the connection. */
  byte[] directAddress();

  /** The client, as far as proxies in front of this one are believed. */
  byte[] clientAddress();

  /** Where the client wanted to go. */
  byte[] destinationAddress();

  int destinationPort();

  /** The SNI in lower case; empty where there is none. */
  String serverName();
}
