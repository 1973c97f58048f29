package dev.weft.lab.node;

/** A pod refers to something that is not there; it is tried again later. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}
