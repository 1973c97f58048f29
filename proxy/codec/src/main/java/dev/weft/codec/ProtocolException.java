package dev.weft.codec;

/**
 * What a peer sent breaks the protocol. The only exception that the parsers of this package throw
 * for bytes from outside; it carries no stack trace, so that hostile input stays cheap.
 */
public final class ProtocolException extends RuntimeException {
  private final Violation violation;

  /** Creates the exception for one broken rule. */
  public ProtocolException(Violation violation) {
    super(violation.text(), null, false, false);
    this.violation = violation;
  }

  /** The rule that was broken. */
  public Violation violation() {
    return violation;
  }
}
