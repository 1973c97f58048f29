package dev.weft.proxy.xds;

/** How a call ended. Codes are gRPC's. */
public record GrpcStatus(int code, String message) {
  public static final int OK = 0;
  public static final int PERMISSION_DENIED = 7;
  public static final int UNAVAILABLE = 14;
  public static final int UNAUTHENTICATED = 16;

  static GrpcStatus unavailable(String message) {
    return new GrpcStatus(UNAVAILABLE, message);
  }

  /** Whether the server did not accept who we are. */
  public boolean isRefusal() {
    return code == UNAUTHENTICATED || code == PERMISSION_DENIED;
  }

  @Override
  public String toString() {
    return "gRPC status " + code + (message.isEmpty() ? "" : " (" + message + ")");
  }
}
