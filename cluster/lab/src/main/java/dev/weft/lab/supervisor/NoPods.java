package dev.weft.lab.supervisor;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import java.io.OutputStream;

/** The config API has no pods. */
final class NoPods implements PodBackend {
  private static ApiException none() {
    return new ApiException(404, "NotFound", "the config API runs no pods");
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
