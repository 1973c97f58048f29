package dev.weft.lab.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of the host that the network is made with, run to its end with a script on stdin. */
enum HostTool {
  IP("ip", "iproute2"),
  NFT("nft", "nftables"),
  NSENTER("nsenter", "util-linux");

  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private final String program;
  private final String debianPackage;

  HostTool(String program, String debianPackage) {
    this.program = program;
    this.debianPackage = debianPackage;
  }

  /**
   * Runs the tool.
   *
   * @param object what is being made or changed, for the message
   * @throws IOException with what the tool said, or how to get it or the right to use it
   */
  void run(String object, String script, String... arguments) throws IOException {
    run(List.of(), object, script, arguments);
  }

  /** Runs the tool inside a named network namespace. */
  void runIn(String namespace, String object, String script, String... arguments)
      throws IOException {
    String file = NetworkNamespace.file(namespace).toString();
    run(List.of(NSENTER.path(), "--net=" + file), object, script, arguments);
  }

  private void run(List<String> prefix, String object, String script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(path());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder
        .environment()
        .putAll(Map.of("LC_ALL", "C", "PATH", String.join(":", SYSTEM_DIRECTORIES)));
    Process process = builder.start();
    boolean read = write(process, script);
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0 || !read) {
        throw new IOException(failure(object, said));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + program + " worked on " + object, e);
    }
  }

  /** False where the tool ended before it read its script: what it said then tells why. */
  private static boolean write(Process process, String script) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(script.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (IOException e) {
      return script.isEmpty();
    }
  }

  /** Says in one sentence what is missing; empty when the tool is there. */
  Optional<String> missing() {
    try {
      path();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private String failure(String object, String said) {
    if (said.contains("Operation not permitted") || said.contains("Permission denied")) {
      return program
          + " may not change "
          + object
          + ": run as root, or in a user namespace (unshare --user --map-auto --map-root-user --mount). It said: "
          + said;
    }
    return program + " failed for " + object + ": " + said;
  }

  private String path() throws IOException {
    List<String> directories = new ArrayList<>(SYSTEM_DIRECTORIES);
    directories.addAll(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
    for (String directory : directories) {
      if (directory.startsWith("/")) {
        Path candidate = Path.of(directory, program);
        if (Files.isExecutable(candidate)) {
          return candidate.toString();
        }
      }
    }
    throw new IOException(
        "The program \""
            + program
            + "\" is missing; install the package "
            + debianPackage
            + " (Debian: apt-get install "
            + debianPackage
            + ").");
  }
}
