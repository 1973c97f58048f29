package dev.weft.cli.output;

import java.io.PrintWriter;
import java.util.List;

/** What people should know besides the result: on standard error, so that output stays usable. */
public final class Warnings {
  private Warnings() {}

  /** One line for each. */
  public static void print(PrintWriter err, List<String> warnings) {
    warnings.forEach(warning -> err.println("weft: warning: " + warning));
    err.flush();
  }
}
