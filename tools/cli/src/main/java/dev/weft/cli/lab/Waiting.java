package dev.weft.cli.lab;

import dev.weft.lab.supervisor.Progress;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows what is done, and what is awaited: on a terminal in a line that is written over, else as a
 * line whenever it is something else, at most one each few seconds.
 */
public final class Waiting implements Progress {
  private static final Duration BETWEEN = Duration.ofSeconds(5);
  private static final int WIDTH = 110;

  private final PrintWriter out;
  private final boolean terminal;
  private String shown = "";
  private long sinceNanos = System.nanoTime();
  private long saidNanos = System.nanoTime();

  private Waiting(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** As the standard output allows. */
  public static Waiting on(PrintWriter out) {
    Console console = System.console();
    return new Waiting(out, console != null && console.isTerminal());
  }

  /** As a terminal or as none. */
  static Waiting on(PrintWriter out, boolean terminal) {
    return new Waiting(out, terminal);
  }

  @Override
  public void line(String text) {
    waiting("");
    out.println(text);
    out.flush();
  }

  @Override
  public void waiting(String text) {
    long now = System.nanoTime();
    boolean other = !text.equals(shown);
    if (other) {
      sinceNanos = now;
    }
    if (terminal) {
      rewrite(text, Duration.ofNanos(now - sinceNanos));
      shown = text;
    } else if (other && !text.isEmpty() && now - saidNanos >= BETWEEN.toNanos()) {
      out.println(text);
      out.flush();
      saidNanos = now;
      shown = text;
    }
  }

  private void rewrite(String text, Duration lasts) {
    if (text.isEmpty() && shown.isEmpty()) {
      return;
    }
    String line = text.isEmpty() ? "" : text + " (" + lasts.toSeconds() + " s)";
    out.print("\r\u001b[K" + (line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line));
    out.flush();
  }
}
