package dev.weft.control.admin;

/** A debug page cannot be given; the message says why, and what to do. */
public final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of HTTP
   */
  public NoAnswerException(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
