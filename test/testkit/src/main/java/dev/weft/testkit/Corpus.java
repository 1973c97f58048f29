package dev.weft.testkit;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a parser of bytes from outside was given, in {@code src/test/resources/fuzz/NAME} of its
 * module: real inputs, and those that once broke it. The parser gets them as they are, and damaged;
 * the damage is the same in every run. An input that breaks a parser belongs among them, under a
 * name that says what it is.
 */
public final class Corpus {
  private static final long SEED = 20260101;
  private static final int DAMAGES = 4_000;
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** What one input may cost in the heap: this, and so many times its size. */
  private static final long ALLOCATED = 4L << 20;

  private static final int ALLOCATED_TIMES = 1_000;

  /** Bytes that mean something to one parser or another. */
  private static final byte[] TELLING =
      "\r\n\t\0 :;,.=&%/\\\"'{}[]<>-+*~#?@$0129eE\u00ff\u0080\u007f"
          .getBytes(StandardCharsets.ISO_8859_1);

  private final String name;
  private final List<byte[]> inputs;

  /** Takes bytes. */
  @FunctionalInterface
  public interface Parser {
    /** Parses them, and checks what came out of it. */
    void take(byte[] input) throws Exception;
  }

  private Corpus(String name, List<byte[]> inputs) {
    this.name = name;
    this.inputs = inputs;
  }

  /**
   * Inputs that a test makes, because nobody should find them in a repository.
   *
   * @param name for messages
   * @param inputs the same in every run
   */
  public static Corpus made(String name, byte[]... inputs) {
    return new Corpus(name, List.of(inputs));
  }

  /** That of the module whose tests run, by the name of its folder. */
  public static Corpus of(String name) {
    Path folder = Path.of("src/test/resources/fuzz", name);
    try (Stream<Path> files = Files.list(folder)) {
      List<byte[]> inputs =
          files
              .sorted()
              .map(
                  file -> {
                    try {
                      return Files.readAllBytes(file);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  })
              .toList();
      if (inputs.isEmpty()) {
        throw new IllegalStateException(folder + " is empty");
      }
      return new Corpus(name, inputs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives a parser all inputs, as they are and damaged.
   *
   * @param refusals how the parser says that it cannot read something
   * @throws AssertionError with the input that it fails at in another way, takes too long for, or
   *     allocates too much for
   */
  public void torture(Set<Class<? extends Exception>> refusals, Parser parser) {
    torture(DAMAGES, refusals, parser);
  }

  /**
   * The same for one that takes longer.
   *
   * @param damages how many damaged inputs it gets
   */
  public void torture(int damages, Set<Class<? extends Exception>> refusals, Parser parser) {
    Run run = new Run(damages, refusals, parser);
    Thread thread = Thread.ofPlatform().name("corpus " + name).daemon().start(run);
    long seen = -1;
    try {
      while (!thread.join(SILENCE)) {
        if (seen == run.count) {
          throw new AssertionError(name + ": it does not end: " + text(run.current));
        }
        seen = run.count;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    AssertionError failure = run.failure;
    if (failure != null) {
      throw failure;
    }
  }

  /** One torture. Confined to its thread, but for what is volatile. */
  private final class Run implements Runnable {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int damages;
    private final Set<Class<? extends Exception>> refusals;
    private final Parser parser;
    private volatile long count;
    private volatile byte[] current = new byte[0];
    private volatile @Nullable AssertionError failure;

    Run(int damages, Set<Class<? extends Exception>> refusals, Parser parser) {
      this.damages = damages;
      this.refusals = refusals;
      this.parser = parser;
    }

    @Override
    public void run() {
      try {
        // Twice: what is loaded and compiled at the first time costs nobody anything.
        inputs.forEach(this::warm);
        inputs.forEach(this::give);
        for (int i = 0; i < damages; i++) {
          give(damaged());
        }
      } catch (AssertionError e) {
        failure = e;
      }
    }

    private void warm(byte[] input) {
      try {
        parser.take(input.clone());
      } catch (Exception | AssertionError e) {
        // The next time tells.
      }
    }

    private void give(byte[] input) {
      count++;
      current = input;
      long cpu = threads.getCurrentThreadCpuTime();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      try {
        parser.take(input.clone());
      } catch (Exception e) {
        if (refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
          throw new AssertionError(name + ": " + e + " at " + text(input), e);
        }
      } catch (StackOverflowError | OutOfMemoryError | AssertionError e) {
        throw new AssertionError(name + ": " + e + " at " + text(input), e);
      }
      long took = threads.getCurrentThreadAllocatedBytes() - allocated;
      if (took > ALLOCATED + (long) ALLOCATED_TIMES * input.length) {
        throw new AssertionError(name + ": " + took + " bytes of the heap for " + text(input));
      }
      Duration time = Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu);
      if (time.compareTo(LONGEST) > 0) {
        throw new AssertionError(name + ": " + time + " for " + text(input));
      }
    }

    private byte[] any() {
      return inputs.get(random.nextInt(inputs.size()));
    }

    private byte[] damaged() {
      byte[] out = any().clone();
      for (int n = random.nextInt(5); n >= 0 && out.length > 0; n--) {
        out = damaged(out, random.nextInt(out.length));
      }
      return out;
    }

    private byte[] damaged(byte[] in, int at) {
      return switch (random.nextInt(8)) {
        case 0 -> changed(in, at, (byte) random.nextInt(256));
        case 1 -> changed(in, at, TELLING[random.nextInt(TELLING.length)]);
        case 2 -> changed(in, at, (byte) (in[at] ^ 1 << random.nextInt(8)));
        case 3 -> Arrays.copyOf(in, at);
        case 4 -> replaced(in, at, Math.min(in.length, at + random.nextInt(40)), new byte[0]);
        case 5 -> replaced(in, at, at, Arrays.copyOfRange(in, at / 2, at));
        case 6 -> {
          byte[] other = any();
          int from = random.nextInt(other.length + 1);
          int to = from + random.nextInt(Math.min(64, other.length - from) + 1);
          yield replaced(in, at, at, Arrays.copyOfRange(other, from, to));
        }
        default -> {
          byte[] many = new byte[random.nextInt(1, 300)];
          Arrays.fill(
              many, random.nextBoolean() ? in[at] : TELLING[random.nextInt(TELLING.length)]);
          yield replaced(in, at, at, many);
        }
      };
    }

    private static byte[] changed(byte[] in, int at, byte value) {
      in[at] = value;
      return in;
    }

    private static byte[] replaced(byte[] in, int from, int to, byte[] by) {
      byte[] out = new byte[in.length - (to - from) + by.length];
      System.arraycopy(in, 0, out, 0, from);
      System.arraycopy(by, 0, out, from, by.length);
      System.arraycopy(in, to, out, from + by.length, in.length - to);
      return out;
    }
  }

  private static String text(byte[] input) {
    return input.length
        + " bytes, in hexadecimal digits "
        + HexFormat.of().formatHex(input, 0, Math.min(input.length, 8_000));
  }
}
