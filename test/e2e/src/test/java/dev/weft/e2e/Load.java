package dev.weft.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A steady load from inside a pod: one curl after the other, with a breath between them that leaves
 * the machine to what is tested, until it is told to stop. Bounded by itself, also where nobody
 * tells it.
 */
final class Load {
  /**
   * What came of it.
   *
   * @param byCode by HTTP code; curl's own failures count as {@code 000}
   * @param seconds that each took, in order
   */
  record Outcome(Map<String, Integer> byCode, List<Double> seconds) {
    int sent() {
      return byCode.values().stream().mapToInt(Integer::intValue).sum();
    }

    int failed() {
      return sent() - byCode.getOrDefault("200", 0);
    }

    private double within(double share) {
      List<Double> sorted = seconds.stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(sorted.size() * share) - 1);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d requests, %d failed %s, p50 %.3f s, p99 %.3f s",
          sent(),
          failed(),
          byCode,
          within(0.5),
          within(0.99));
    }
  }

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private Load(Process process) {
    this.process = process;
    this.reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (BufferedReader out = process.inputReader()) {
                    out.lines().filter(line -> !line.isBlank()).forEach(lines::add);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
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
          curl -s -o /dev/null -w '%{http_code} %{time_total}\\n' --max-time 10 URL
          sleep 0.05
        done
        kill $! 2>/dev/null
        exit 0
        """
            .replace("LIMIT", String.valueOf(max.toSeconds()))
            .replace("URL", url);
    try {
      Process process = lab.command(context, "exec -i " + target + " -- sh -c", script).start();
      Command.read(process.getErrorStream());
      return new Load(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many requests have ended so far. */
  int sent() {
    return lines.size();
  }

  /** Stops the load and counts. */
  Outcome stop() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the load did not stop");
      }
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    Map<String, Integer> byCode = new TreeMap<>();
    List<Double> seconds = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split(" ", -1);
      byCode.merge(words[0], 1, Integer::sum);
      seconds.add(Double.parseDouble(words[1]));
    }
    return new Outcome(byCode, seconds);
  }
}
