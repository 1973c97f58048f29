package dev.weft.inject;

/**
 * A pod that asks the injector for something that it cannot give; its message names the annotation
 * (or field), the value, and what would be right.
 */
public final class InvalidPodException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidPodException(String message) {
    super(message);
  }

  static InvalidPodException annotation(String name, String value, String right) {
    return new InvalidPodException("annotation " + name + ": \"" + value + "\" " + right);
  }
}
