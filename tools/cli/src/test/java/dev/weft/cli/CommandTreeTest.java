package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What holds for every command, whoever adds it. */
class CommandTreeTest {

  @TestFactory
  Stream<DynamicTest> every_command_explains_itself() {
    return tree(Main.commandLine())
        .filter(line -> !(line.getCommand() instanceof CommandLine.HelpCommand))
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.getCommandSpec().qualifiedName(), () -> explainsItself(line)));
  }

  private static Stream<CommandLine> tree(CommandLine line) {
    return Stream.concat(
        Stream.of(line),
        line.getSubcommands().values().stream().distinct().flatMap(CommandTreeTest::tree));
  }

  private static void explainsItself(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    assertThat(spec.usageMessage().description()).as("its description").isNotEmpty();
    assertThat(spec.options())
        .allSatisfy(
            option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
    assertThat(spec.positionalParameters())
        .allSatisfy(
            parameter ->
                assertThat(parameter.description()).as(parameter.paramLabel()).isNotEmpty());
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out));
    assertThat(line.execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: " + spec.qualifiedName());
  }
}
