package dev.weft.cli.reach;

/** A command that cannot do what it was asked; the message says why and what to do. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What exit codes mean. 2 is left to wrong usage. */
  public enum Kind {
    /** The answer is no: not found, refused, not healthy. */
    FAILED(1),
    /** Something that has to answer does not: API server, control plane, proxy. */
    UNREACHABLE(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  public CommandFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public CommandFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public static CommandFailure failed(String message) {
    return new CommandFailure(Kind.FAILED, message);
  }

  public static CommandFailure unreachable(String message) {
    return new CommandFailure(Kind.UNREACHABLE, message);
  }

  public Kind kind() {
    return kind;
  }
}
