package dev.weft.lab.supervisor;

/** A command could not do what it was asked; the message is for people. */
public final class LabException extends Exception {
  private static final long serialVersionUID = 1L;

  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
