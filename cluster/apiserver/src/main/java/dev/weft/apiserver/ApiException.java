package dev.weft.apiserver;

/** A request that the API server refuses, as the {@code Status} object that clients see. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  /**
   * @param code HTTP status code
   * @param reason machine-readable, for example {@code NotFound}, {@code Conflict}, {@code Invalid}
   * @param message names the object, the field and what to do
   */
  public ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }
}
