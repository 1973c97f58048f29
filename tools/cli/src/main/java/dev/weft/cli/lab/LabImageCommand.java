package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft lab image}. */
@Command(
    name = "image",
    description = "What image names stand for in the lab.",
    subcommands = LabImageCommand.Map.class)
final class LabImageCommand {

  /** {@code weft lab image map}. */
  @Command(name = "map", description = "Lets an image name run a command of this machine.")
  static final class Map implements Callable<Integer> {
    @Mixin private final LabOption lab = new LabOption();

    @Parameters(
        index = "0",
        paramLabel = "PATTERN",
        description = "An image name; * stands for anything")
    private String pattern = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "After --")
    private List<String> command = List.of();

    @Override
    public Integer call() throws LabException {
      lab.commands().mapImage(pattern, command);
      return 0;
    }
  }
}
