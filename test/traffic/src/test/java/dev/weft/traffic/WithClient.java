package dev.weft.traffic;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a mesh in which the pod {@code client-1} calls; each has one of its own. */
abstract class WithClient {
  @TempDir private Path files;

  private final String mesh;
  World world;
  Client client;

  WithClient(String mesh) {
    this.mesh = mesh;
  }

  @BeforeEach
  final void open() {
    world = new World(mesh, files);
    client = world.client("client-1", true, "client-1");
  }

  @AfterEach
  final void close() {
    client.close();
    world.close();
  }

  /** The client's proxy is told what holds now. */
  final void reopenClient() {
    client.close();
    client = world.client("client-1", true, "client-1");
  }
}
