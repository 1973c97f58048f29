package dev.weft.apiserver.server;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own for each class of tests, and the real client that talks to it. */
class RealClient {
  @TempDir static Path directory;
  static ApiServer server;
  private static Kubectl client;

  @BeforeAll
  static void open() throws Exception {
    server = TestServer.open(directory.resolve("server"));
    server.start();
    client = Kubectl.of(server, directory);
  }

  @AfterAll
  static void close() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  static Process begin(String... arguments) throws IOException {
    return client.begin(arguments);
  }

  static Kubectl.Ran run(String stdin, String... arguments) throws Exception {
    return client.run(stdin, arguments);
  }

  static String kubectl(String... arguments) throws Exception {
    return client.ok(arguments);
  }
}
