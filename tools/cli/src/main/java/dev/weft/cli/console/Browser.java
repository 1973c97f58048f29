package dev.weft.cli.console;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The browser of this machine. */
final class Browser {
  private Browser() {}

  /**
   * Opens a place; whether there is a browser. The address goes by a file that is its owner's
   * alone: everybody on the machine sees what a process is called with.
   */
  static boolean open(URI place) {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    try {
      Path page = Files.createTempFile("weft-console", ".html");
      page.toFile().deleteOnExit();
      Files.writeString(
          page,
          "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url="
              + place
              + "\"><meta name=\"referrer\" content=\"no-referrer\">\n");
      Process opener =
          new ProcessBuilder(mac ? "open" : "xdg-open", page.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return opener.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
