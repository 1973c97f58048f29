package dev.weft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A steady load from inside a pod: one curl after the other until it is told to stop. Bounded by
 * itself, also where nobody tells it.
 */
final class Load {
  /** Outcomes by HTTP code; curl's own failures count as {@code 000}. */
  record Outcome(Map<String, Integer> byCode) {
    int sent() {
      return byCode.values().stream().mapToInt(Integer::intValue).sum();
    }

    int failed() {
      return sent() - byCode.getOrDefault("200", 0);
    }
  }

  private final Process process;
  private final CompletableFuture<String> out;

  private Load(Process process, CompletableFuture<String> out) {
    this.process = process;
    this.out = out;
  }

  /** Starts. The script ends when its standard input does, or after the limit. */
  static Load start(Lab lab, String context, String target, String url, Duration max) {
    // A background job reads nothing from standard input unless it is given it as another
    // descriptor.
    String script =
        """
        rm -f /tmp/load-stop
        exec 3<&0
        (cat <&3 >/dev/null; touch /tmp/load-stop) &
        end=$(( $(date +%s) + LIMIT ))
        while [ ! -e /tmp/load-stop ] && [ $(date +%s) -lt $end ]; do
          curl -s -o /dev/null -w '%{http_code}\\n' --max-time 10 URL
        done
        kill $! 2>/dev/null
        exit 0
        """
            .replace("LIMIT", String.valueOf(max.toSeconds()))
            .replace("URL", url);
    try {
      Process process = lab.command(context, "exec -i " + target + " -- sh -c", script).start();
      Command.read(process.getErrorStream());
      return new Load(process, Command.read(process.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the load and counts. */
  Outcome stop() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the load did not stop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    Map<String, Integer> byCode = new TreeMap<>();
    out.join()
        .lines()
        .filter(l -> !l.isBlank())
        .forEach(l -> byCode.merge(l.strip(), 1, Integer::sum));
    return new Outcome(byCode);
  }
}
