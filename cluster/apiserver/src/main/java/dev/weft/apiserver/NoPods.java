package dev.weft.apiserver;

import java.io.OutputStream;

/** The backend of an API server without nodes, such as one that only holds configuration. */
public record NoPods() implements PodBackend {
  private static ApiException none() {
    return new ApiException(404, "NotFound", "this API server has no nodes, and runs no pods");
  }

  @Override
  public Exec exec(String namespace, String pod, String container, ExecRequest request) {
    throw none();
  }

  @Override
  public void logs(String namespace, String pod, LogRequest request, OutputStream out) {
    throw none();
  }

  @Override
  public Connection connect(String namespace, String pod, int port) {
    throw none();
  }
}
