package dev.weft.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program as a user would, and keeps what it said. */
record Command(List<String> words, Map<String, String> environment, String input, Duration limit) {

  static Command of(String... words) {
    return new Command(List.of(words), Map.of(), "", Duration.ofMinutes(2));
  }

  Command with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Command(words, all, input, limit);
  }

  Command reading(String text) {
    return new Command(words, environment, text, limit);
  }

  Command within(Duration max) {
    return new Command(words, environment, input, max);
  }

  /** What a program said, and how it ended. */
  record Result(Command command, int exitCode, String out, String err) {
    /** The standard output. Fails where the program did. */
    String orFail() {
      if (exitCode != 0) {
        throw new AssertionError(
            String.join(" ", command.words()) + " ended with " + exitCode + "\n" + out + err);
      }
      return out;
    }

    List<String> lines() {
      return orFail().lines().toList();
    }

    String all() {
      return out + err;
    }
  }

  Result run() {
    try {
      Process process = start();
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program did not want its input.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", words)
                + " did not end within "
                + limit
                + "\n"
                + out.join()
                + err.join());
      }
      return new Result(this, process.exitValue(), out.join(), err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    return builder.start();
  }

  static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }
}
