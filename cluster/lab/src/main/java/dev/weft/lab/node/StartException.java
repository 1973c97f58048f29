package dev.weft.lab.node;

/** A container could not be started; the reason is the one that its status shows. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  StartException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
