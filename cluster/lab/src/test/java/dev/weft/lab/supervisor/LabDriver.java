package dev.weft.lab.supervisor;

import java.nio.file.Path;
import java.util.List;

/** The lab's commands without the command line program, for trying them by hand. */
final class LabDriver {
  private LabDriver() {}

  public static void main(String[] args) throws Exception {
    LabCommands lab = new LabCommands(System.getProperty("lab.name", "try"), System.getenv());
    switch (args[0]) {
      case "up" ->
          System.out.println(
              lab.up(
                  new LabOptions(
                      Integer.getInteger("lab.clusters", 2),
                      true,
                      Model.NONE,
                      "all",
                      List.of("weft"),
                      classes(),
                      List.of()),
                  System.out::println));
      case "down" -> System.out.println(lab.down(System.out::println));
      case "reset" -> lab.reset(System.out::println);
      case "status" -> System.out.println(lab.status());
      case "map" -> lab.mapImage(args[1], List.of(args).subList(2, args.length));
      default -> lab.operate(args[0], args[1]);
    }
  }

  /** Where this module's classes are. */
  static String classes() {
    return Path.of(LabDaemon.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }
}
