package dev.weft.server.log;

import dev.weft.runtime.AccessLog;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The access logs of one event loop: lines are formatted into a buffer per file and handed to the
 * sink when the buffer is full, or soon after the loop went idle. Confined to its event loop.
 */
public final class AccessLogs {
  private static final int FULL = 48 * 1024;
  private static final int SOON_MILLIS = 10;

  private final EventLoop loop;
  private final LogSink sink;
  private final LogText scratch = new LogText();
  private final Map<String, Buffer> buffers = new HashMap<>();
  private final Map<AccessLog, Target> targets = new IdentityHashMap<>();

  /** Logs of a loop. */
  public AccessLogs(EventLoop loop, LogSink sink) {
    this.loop = loop;
    this.sink = sink;
  }

  private static final class Buffer {
    private final String path;
    private final LogText text = new LogText();
    private boolean scheduled;

    Buffer(String path) {
      this.path = path;
    }
  }

  /** A log ready to take lines. */
  public final class Target {
    private final Buffer buffer;
    private final LineFormat format;
    private final List<String> onlyFlags;
    private final FlagTest flagTest;
    private final List<LogCondition> conditions;

    Target(AccessLog log, FlagTest flagTest) {
      this.buffer = buffers.computeIfAbsent(log.path(), Buffer::new);
      this.format = LineFormat.of(log.format());
      this.onlyFlags = log.onlyFlags();
      this.flagTest = flagTest;
      this.conditions = log.conditions().stream().map(c -> new LogCondition(c, scratch)).toList();
    }

    /** Writes a line, where the log wants it. */
    public void write(LogValues values) {
      if (!onlyFlags.isEmpty() && !flagTest.any(values.flags(), onlyFlags)) {
        return;
      }
      for (int i = 0; i < conditions.size(); i++) {
        if (!conditions.get(i).holds(values)) {
          return;
        }
      }
      format.write(values, buffer.text);
      if (buffer.text.length() >= FULL) {
        flush(buffer);
      } else if (!buffer.scheduled) {
        buffer.scheduled = true;
        loop.schedule(() -> flush(buffer), SOON_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Whether a set of flags has one of these. */
  @FunctionalInterface
  public interface FlagTest {
    boolean any(int set, Iterable<String> names);
  }

  /** Prepares the logs of a configuration; the same configuration gives the same targets. */
  public List<Target> targets(List<AccessLog> logs, FlagTest flagTest) {
    List<Target> out = new ArrayList<>(logs.size());
    for (AccessLog log : logs) {
      out.add(targets.computeIfAbsent(log, l -> new Target(l, flagTest)));
    }
    return List.copyOf(out);
  }

  /** Forgets compiled formats, after a change of configuration. */
  public void forget() {
    targets.clear();
  }

  /** Hands all lines to the sink. */
  public void flush() {
    buffers.values().forEach(this::flush);
  }

  private void flush(Buffer buffer) {
    buffer.scheduled = false;
    if (buffer.text.length() > 0) {
      boolean unused = buffer.text.offerTo(sink, buffer.path);
    }
  }
}
