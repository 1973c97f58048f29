package dev.weft.console;

import dev.weft.console.api.Problem;
import dev.weft.discovery.KubeApi.RefusedException;
import io.helidon.http.Status;

/** A request that is refused; the message is for whoever made it. */
final class ProblemException extends Exception {
  private final Status status;
  private final String code;

  ProblemException(Status status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static ProblemException badRequest(String message) {
    return new ProblemException(Status.BAD_REQUEST_400, "bad-request", message);
  }

  static ProblemException notFound(String message) {
    return new ProblemException(Status.NOT_FOUND_404, "not-found", message);
  }

  static ProblemException unavailable(String message) {
    return new ProblemException(Status.SERVICE_UNAVAILABLE_503, "unavailable", message);
  }

  /** What the config API has said. */
  static ProblemException of(RefusedException refused) {
    String said = "the config API says: " + refused.reason();
    return switch (refused.status()) {
      case 0 -> unavailable(refused.reason());
      case 401 -> new ProblemException(Status.UNAUTHORIZED_401, "unauthorized", said);
      case 403 -> new ProblemException(Status.FORBIDDEN_403, "forbidden", said);
      case 404 -> notFound(said);
      case 409 ->
          new ProblemException(
              Status.CONFLICT_409, "conflict", said + "; read the object again and repeat");
      case 400, 422 -> badRequest(said);
      default -> unavailable(said);
    };
  }

  Status status() {
    return status;
  }

  Problem problem() {
    return new Problem(String.valueOf(getMessage()), code);
  }
}
