package dev.weft.cli.install;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.InstallException;
import dev.weft.install.Installation;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The charts that lie beside this Weft, and the errors of installing as those of a command. */
final class ChartFiles {
  private ChartFiles() {}

  static Installation installation() {
    String home = System.getProperty("weft.home", "");
    if (home.isEmpty()) {
      throw CommandFailure.failed(
          "start this through the weft launcher, which knows where Weft is");
    }
    return saying(() -> Installation.of(Path.of(home, "install", "charts")));
  }

  /** What installing refuses is the command's answer. */
  static <T> T saying(Supplier<T> work) {
    try {
      return work.get();
    } catch (InstallException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
