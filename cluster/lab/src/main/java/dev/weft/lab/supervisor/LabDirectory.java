package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The files of one lab, readable by its owner only. */
public record LabDirectory(Path root) {

  /** {@code $WEFT_HOME/labs/<name>}, or under {@code ~/.weft} where the variable is not set. */
  public static LabDirectory of(String name, Map<String, String> environment) {
    String home = environment.getOrDefault("WEFT_HOME", "");
    Path base =
        home.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", "/root"), ".weft")
            : Path.of(home).toAbsolutePath();
    return new LabDirectory(base.resolve("labs").resolve(name));
  }

  /** The directory of all labs. */
  Path home() {
    return root.resolve("../..").normalize();
  }

  void create() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
  }

  Path plan() {
    return root.resolve("plan.json");
  }

  /** kubectl's configuration with all contexts. */
  public Path kubeconfig() {
    return root.resolve("kubeconfig");
  }

  /** The same with the addresses that the lab's own inside knows. */
  public Path wanKubeconfig() {
    return root.resolve("wan.kubeconfig");
  }

  Path socket() {
    return root.resolve("control.sock");
  }

  /** Why a supervisor could not even begin. */
  Path failure() {
    return root.resolve("failure");
  }

  /** Held by the command that starts a supervisor. */
  Path lock() {
    return root.resolve("lock");
  }

  Path pid() {
    return root.resolve("supervisor.pid");
  }

  Path apiServer(String cluster) {
    return root.resolve("apiserver").resolve(cluster);
  }

  Path node(String cluster) {
    return root.resolve("node").resolve(cluster);
  }

  /** What the image catalogue keeps: the programs of images, the user's mappings. */
  Path images() {
    return root.resolve("images");
  }

  Path forwards() {
    return root.resolve("forwards.json");
  }

  /** {@code supervisor} or the name of a supervised process. */
  public Path log(String name) {
    return root.resolve("logs").resolve(name + ".log");
  }

  /** Replaces a file in one step, readable by the owner only. */
  public static void write(Path file, String content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
