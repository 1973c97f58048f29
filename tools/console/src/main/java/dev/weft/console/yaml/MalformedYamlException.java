package dev.weft.console.yaml;

/** A text that is no YAML, or no object. */
public final class MalformedYamlException extends Exception {
  private final int line;

  MalformedYamlException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** Where, from 1; 0 where it is not known. */
  public int line() {
    return line;
  }
}
