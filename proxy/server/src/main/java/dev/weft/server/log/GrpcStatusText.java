package dev.weft.server.log;

import java.util.List;
import java.util.Locale;

/** Names of gRPC's status codes, as {@code %GRPC_STATUS(FORMAT)%} writes them. */
public final class GrpcStatusText {
  private static final List<String> NAMES =
      List.of(
          "OK",
          "Canceled",
          "Unknown",
          "InvalidArgument",
          "DeadlineExceeded",
          "NotFound",
          "AlreadyExists",
          "PermissionDenied",
          "ResourceExhausted",
          "FailedPrecondition",
          "Aborted",
          "OutOfRange",
          "Unimplemented",
          "Internal",
          "Unavailable",
          "DataLoss",
          "Unauthenticated");

  private GrpcStatusText() {}

  /**
   * Writes a status.
   *
   * @param format {@code NUMBER}, {@code SNAKE_STRING} or {@code CAMEL_STRING}, which it also is
   *     where none is named; a code without a name is a number in each of them
   */
  public static void write(int status, String format, LogText out) {
    if (status >= NAMES.size() || format.equalsIgnoreCase("NUMBER")) {
      out.number(status);
    } else if (format.equalsIgnoreCase("SNAKE_STRING")) {
      out.text(snake(status));
    } else {
      out.text(NAMES.get(status));
    }
  }

  private static String snake(int status) {
    // gRPC writes this one with two l, Envoy's own names with one.
    return status == 1
        ? "CANCELLED"
        : NAMES.get(status).replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
