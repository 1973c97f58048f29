package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The real client, with a home of its own. */
record Kubectl(Path home) {

  /** What a command printed, both streams, and its exit code. */
  record Ran(int code, String out, String err) {}

  /** One that talks to a server. Tests are left out where the program is not there. */
  static Kubectl of(ApiServer server, Path home) throws IOException {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(p -> Files.isExecutable(Path.of(p, "kubectl")));
    assumeTrue(found, "kubectl is not on the PATH: install it to run these tests");
    Files.writeString(
        home.resolve("config"), server.kubeconfig("test", "https://127.0.0.1:" + server.port()));
    return new Kubectl(home);
  }

  Process begin(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", home.resolve("config").toString());
    builder.environment().put("HOME", home.toString());
    return builder.start();
  }

  Ran run(String stdin, String... arguments) throws Exception {
    Process process = begin(arguments);
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                return e.toString();
              }
            });
    try (var in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, err.get());
  }

  /** What a command printed that has nothing to complain about. */
  String ok(String... arguments) throws Exception {
    Ran ran = run("", arguments);
    assertThat(ran.err()).as(String.join(" ", arguments)).isEmpty();
    return ran.out();
  }
}
