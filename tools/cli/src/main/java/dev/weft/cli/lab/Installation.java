package dev.weft.cli.lab;

import dev.weft.cli.reach.CommandFailure;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this Weft lies on the machine. */
final class Installation {
  private static final String HOME_PROPERTY = "weft.home";

  private Installation() {}

  /** The directory with {@code bin/weft}, as the launcher says. */
  static Path home() {
    String home = System.getProperty(HOME_PROPERTY, "");
    if (home.isEmpty() || !Files.isExecutable(Path.of(home, "bin", "weft"))) {
      throw CommandFailure.failed(
          "start this through the weft launcher, which knows where Weft is");
    }
    return Path.of(home);
  }

  static Path libraries(Path home) {
    Path checkout = home.resolve("tools/cli/target/weft/lib");
    return Files.isDirectory(checkout) ? checkout : home.resolve("lib");
  }
}
