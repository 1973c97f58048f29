package dev.weft.bench.scale;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** What the operating system says of a process. Zero of everything once it is gone. */
record ProcessReadings(long pid) {
  /** {@code USER_HZ}, which Linux shows to programs as 100 on all machines. */
  private static final long MILLIS_A_TICK = 10;

  /** CPU time so far of all its threads, in steps of 10 ms. */
  long cpuMillis() {
    String stat = read(process().resolve("stat"));
    if (stat.isEmpty()) {
      return 0;
    }
    // The name, in brackets, may have spaces.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_A_TICK;
  }

  /**
   * Milliseconds that the threads which it has now have run, and have waited for a processor: it
   * grows as long as there is something to do, also on a busy machine.
   */
  long demandMillis() {
    return threads(thread -> true, times -> times[0] + times[1]);
  }

  /** Milliseconds that the JVM's compilers have run which it has now. */
  long compilerMillis() {
    return threads(
        thread -> read(thread.resolve("comm")).matches("C[12] Compiler.*\\s*"), times -> times[0]);
  }

  /**
   * @param nanos of the two times of {@code schedstat}: running, and waiting for a processor
   */
  private long threads(Predicate<Path> those, ToLongFunction<long[]> nanos) {
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(process().resolve("task"))) {
      for (Path thread : threads) {
        String times = read(thread.resolve("schedstat"));
        if (!times.isEmpty() && those.test(thread)) {
          String[] fields = times.split(" ", -1);
          sum +=
              nanos.applyAsLong(new long[] {Long.parseLong(fields[0]), Long.parseLong(fields[1])});
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return 0;
    }
    return sum / 1_000_000;
  }

  long residentMegabytes() {
    return status("VmRSS:");
  }

  /** The most that it ever was. */
  long peakMegabytes() {
    return status("VmHWM:");
  }

  private long status(String key) {
    return read(process().resolve("status"))
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private Path process() {
    return Path.of("/proc", Long.toString(pid));
  }

  /** Empty where it is gone. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
