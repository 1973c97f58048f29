package dev.weft.lab.supervisor;

import dev.weft.lab.net.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands on the wan, as people would from where all nodes are in reach. They end with the
 * lab. Thread-safe.
 */
public final class WanCommands implements AutoCloseable {
  /** Enough of what a command said for people to see why it failed. */
  private static final int LAST_LINES = 6;

  private static final int SOON_SECONDS = 2;

  private final Place wan;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  WanCommands(Place wan) {
    this.wan = wan;
  }

  /**
   * What the command printed to its standard output.
   *
   * @throws IOException where it does not end with 0; the message has the end of what it said
   */
  public String run(List<String> command, Map<String, String> environment, String input)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(wan.entering(command));
    builder.environment().putAll(environment);
    Process process = builder.start();
    running.add(process);
    try {
      if (closed) {
        throw new IOException("the lab is going down");
      }
      CompletableFuture<String> err = read(process.getErrorStream());
      CompletableFuture<String> out = read(process.getInputStream());
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "'%s' ended with %d: %s"
                .formatted(words(command), code, end(said(out) + "\n" + said(err))));
      }
      return out.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (CompletionException e) {
      throw new IOException("'%s': %s".formatted(words(command), e.getMessage()), e);
    } finally {
      running.remove(process);
      kill(process);
    }
  }

  /** With what it started, which would hold its outputs open. */
  private static void kill(Process process) {
    List<ProcessHandle> inside = process.descendants().toList();
    process.destroyForcibly();
    inside.forEach(ProcessHandle::destroyForcibly);
  }

  /** Those that run now. */
  List<ProcessHandle> running() {
    return running.stream().map(Process::toHandle).toList();
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
              }
            });
    return text;
  }

  /** Soon: what a command has left behind may hold its outputs open after its end. */
  private static String said(CompletableFuture<String> output) {
    return output.completeOnTimeout("", SOON_SECONDS, TimeUnit.SECONDS).join();
  }

  /** As people type it: without the path of the program. */
  private static String words(List<String> command) {
    String program = command.getFirst();
    return program.substring(program.lastIndexOf('/') + 1)
        + command.stream().skip(1).map(" "::concat).reduce("", String::concat);
  }

  private static String end(String said) {
    List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  @Override
  public void close() {
    closed = true;
    running.forEach(WanCommands::kill);
  }
}
