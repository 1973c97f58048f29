package dev.weft.runtime;

import java.util.List;

/** What choosing a filter chain may see of a connection. */
public interface ConnectionView {
  /** The original destination's port where the listener restores it, else the local port. */
  int destinationPort();

  /** The (original) destination address, 4 or 16 bytes; not changed by the reader. */
  byte[] destinationAddress();

  /** The peer's address, 4 or 16 bytes. */
  byte[] sourceAddress();

  /** The SNI in lower case; empty where there is none or nobody looked. */
  String serverName();

  /** {@code tls} or {@code raw_buffer}; the latter also where nobody looked. */
  String transportProtocol();

  /** ALPN of the ClientHello, or what the HTTP inspector saw ({@code http/1.1}, {@code h2c}). */
  List<String> applicationProtocols();
}
