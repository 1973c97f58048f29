package dev.weft.access;

/** A token that cannot be read. */
final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1;

  private final JwtStatus status;

  BadTokenException(JwtStatus status) {
    super(status.text());
    this.status = status;
  }

  JwtStatus status() {
    return status;
  }
}
