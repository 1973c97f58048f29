package dev.weft.apiserver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Opens servers on a directory of the test. */
final class TestServer {
  private static final ServiceDialer NO_SERVICES =
      (namespace, service, port) -> {
        throw new IOException("no endpoints available for service \"" + service + "\"");
      };

  private TestServer() {}

  static ApiServer open(Path directory) throws IOException {
    return open(directory, NO_SERVICES);
  }

  static ApiServer open(Path directory, ServiceDialer services) throws IOException {
    return ApiServer.open(
        new ApiServerSettings("test", directory, 0, List.of()), new FakePods(), services);
  }
}
