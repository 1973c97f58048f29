package dev.weft.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that the API server refuses, as the {@code Status} object that clients see. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;
  private final String next;

  /**
   * @param code HTTP status code
   * @param reason machine-readable, for example {@code NotFound}, {@code Conflict}, {@code Invalid}
   * @param message names the object, the field and what to do
   */
  public ApiException(int code, String reason, String message) {
    this(code, reason, message, JsonNodeFactory.instance.objectNode());
  }

  /** With the {@code details} of the {@code Status} object: kind, name, causes. */
  public ApiException(int code, String reason, String message, ObjectNode details) {
    this(code, reason, message, details, "");
  }

  private ApiException(int code, String reason, String message, ObjectNode details, String next) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.next = next;
  }

  /**
   * With a token by which a list goes on nonetheless: {@code metadata.continue} of the {@code
   * Status} object.
   */
  public ApiException goingOnWith(String token) {
    return new ApiException(code, reason, String.valueOf(getMessage()), details, token);
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public ObjectNode details() {
    return details;
  }

  /** Where a list goes on nonetheless; empty where it does not. */
  public String next() {
    return next;
  }
}
