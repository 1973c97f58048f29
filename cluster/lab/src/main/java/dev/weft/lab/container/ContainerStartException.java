package dev.weft.lab.container;

import java.io.IOException;

/** A container that could not be started; the message says why. */
public final class ContainerStartException extends IOException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  ContainerStartException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** 127 where the command was not found, 128 where the container could not be set up. */
  public int exitCode() {
    return exitCode;
  }
}
