package dev.weft.cli.lab;

import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.supervisor.LabException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft lab image}. */
@Command(
    name = "image",
    description = "The images that a lab knows.",
    subcommands = {LabImageCommand.List.class, LabImageCommand.Map.class})
final class LabImageCommand {
  @Mixin private final HelpOption help = new HelpOption();

  /** {@code weft lab image list}. */
  @Command(name = "list", description = "Lists the images.")
  static final class List implements Callable<Integer> {
    @Mixin private final LabOption lab = new LabOption();
    @Mixin private final OutputOption output = new OutputOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      ImageCatalogue images = lab.commands().images();
      java.util.Map<String, String> described = images.describe();
      output.print(
          spec.commandLine().getOut(),
          described.keySet().stream().map(images::find).flatMap(Optional::stream).toList(),
          () -> table(described));
      return 0;
    }

    private static String table(java.util.Map<String, String> described) {
      Table table = new Table("image", "what runs");
      described.forEach((name, what) -> table.row(name, what));
      return table.render();
    }
  }

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
    private java.util.List<String> command = java.util.List.of();

    @Override
    public Integer call() throws LabException {
      lab.commands().mapImage(pattern, command);
      return 0;
    }
  }
}
