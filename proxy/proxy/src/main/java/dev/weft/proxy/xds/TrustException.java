package dev.weft.proxy.xds;

/** The control plane's roots cannot be read. */
public final class TrustException extends Exception {
  private static final long serialVersionUID = 1;

  TrustException(String message, Throwable cause) {
    super(message, cause);
  }
}
