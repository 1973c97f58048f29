package dev.weft.cli.demo;

import dev.weft.cli.reach.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs kubectl, and prints the command line before what it says. */
final class Shown {
  private final Path kubeconfig;
  private final PrintWriter out;

  Shown(Path kubeconfig, PrintWriter out) {
    this.kubeconfig = kubeconfig;
    this.out = out;
  }

  void say(String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  /** Runs it in view of the user. */
  String kubectl(String context, String... words) {
    out.println("$ kubectl --context " + context + " " + String.join(" ", words));
    out.flush();
    String said = quiet(context, words);
    out.print(said);
    out.flush();
    return said;
  }

  /** Runs it out of view; fails where it does. */
  String quiet(String context, String... words) {
    Answer answer = attempt(context, words);
    if (answer.code() != 0) {
      throw CommandFailure.failed(
          "kubectl --context "
              + context
              + " "
              + String.join(" ", words)
              + " ended with "
              + answer.code()
              + "\n"
              + answer.err().strip());
    }
    return answer.out();
  }

  /** What a command said. */
  record Answer(int code, String out, String err) {}

  Answer attempt(String context, String... words) {
    List<String> command = new ArrayList<>(List.of("kubectl", "--context", context));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  err.complete(
                      new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                  err.complete(e.toString());
                }
              });
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(process.waitFor(), said, err.join());
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot run kubectl: is it installed? " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }
}
