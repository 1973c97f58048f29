package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The reference of the command line is what the commands say of themselves. */
class CommandReferenceTest {
  private static final Path PAGE = Path.of("../../docs/reference/cli.md");
  private static final int WIDTH = 120;

  private static final String HEAD =
      """
      # The `weft` command

      What `--help` says of every command. The programs that run in pods have a `--help` of their own: `weft control`, `weft proxy`,
      `weft redirect-node`.

      This page is made by `CommandReferenceTest`: change the command, then run the test with `-Dgolden.update=true`.
      """;

  /** Run with {@code -Dgolden.update=true} after a change of a command. */
  @Test
  void the_page_is_made_of_the_commands() throws IOException {
    String page = page();
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
      return;
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page);
  }

  private static String page() {
    CommandLine weft = Main.commandLine().setUsageHelpWidth(WIDTH);
    String contents =
        commands(weft).map(CommandReferenceTest::entry).collect(Collectors.joining("\n"));
    return HEAD
        + "\n"
        + contents
        + "\n"
        + commands(weft).map(CommandReferenceTest::section).collect(Collectors.joining());
  }

  /** Every command but {@code help}, each before those below it. */
  private static Stream<CommandLine> commands(CommandLine line) {
    return Stream.concat(
        Stream.of(line),
        line.getSubcommands().values().stream()
            .distinct()
            .filter(below -> !(below.getCommand() instanceof CommandLine.HelpCommand))
            .flatMap(CommandReferenceTest::commands));
  }

  private static String entry(CommandLine line) {
    String name = line.getCommandSpec().qualifiedName();
    return "* [" + name + "](#" + name.replace(' ', '-') + ")";
  }

  private static String section(CommandLine line) {
    String usage =
        line.getUsageMessage(Ansi.OFF)
            .lines()
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));
    return "\n## " + line.getCommandSpec().qualifiedName() + "\n\n```\n" + usage + "\n```\n";
  }
}
