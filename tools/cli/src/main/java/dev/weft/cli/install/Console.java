package dev.weft.cli.install;

import dev.weft.install.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress as lines, and questions. */
record Console(PrintWriter out) implements Progress {
  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void waiting(Map<String, String> reasons) {
    reasons.forEach((object, reason) -> out.println("  waiting: " + object + ": " + reason));
    out.flush();
  }

  /** Whether the user says yes; no answer is no. */
  boolean asks(String question, List<String> titles) {
    titles.forEach(title -> out.println("  " + title));
    out.print(question + " [y/N] ");
    out.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      return false;
    }
  }

  /** What is not ready, line by line. */
  int lacking(Map<String, String> lacking, String verdict) {
    if (lacking.isEmpty()) {
      return 0;
    }
    out.println(verdict);
    lacking.forEach((object, reason) -> out.println("  " + object + ": " + reason));
    out.flush();
    return 1;
  }
}
