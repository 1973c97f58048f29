package dev.weft.proxy.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process itself uses, from {@code /proc}. The names are those of Istio's agent: plain
 * ones are the application's, which stands on the same page.
 */
public final class ProcessMetrics {
  private static final int PAGE = 4096;
  private static final double TICKS = 100;

  private ProcessMetrics() {}

  /** Writes them; what cannot be read is left out. */
  public static void write(Exposition out) {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // The name may hold spaces; what follows the last parenthesis does not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
      out.counter(
          "istio_agent_process_cpu_seconds_total",
          "CPU time of the process, user and system.",
          cpu);
      out.gauge(
          "istio_agent_process_virtual_memory_bytes",
          "Virtual memory of the process.",
          Long.parseLong(fields[20]));
      out.gauge(
          "istio_agent_process_resident_memory_bytes",
          "Resident memory of the process.",
          Long.parseLong(fields[21]) * PAGE);
      out.gauge(
          "istio_agent_process_threads", "Threads of the process.", Long.parseLong(fields[17]));
    } catch (IOException | RuntimeException e) {
      // Not Linux, or a restricted /proc: the other metrics matter more.
      return;
    }
  }
}
