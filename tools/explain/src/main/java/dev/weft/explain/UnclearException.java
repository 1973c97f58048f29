package dev.weft.explain;

/** What was asked names nothing, or more than one thing. */
public final class UnclearException extends Exception {
  private static final long serialVersionUID = 1L;

  UnclearException(String message) {
    super(message);
  }
}
