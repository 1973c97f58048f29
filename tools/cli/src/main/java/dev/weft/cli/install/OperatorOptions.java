package dev.weft.cli.install;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What is to be installed: files, single settings, a revision. */
final class OperatorOptions {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "An IstioOperator (- for standard input); later ones override earlier ones")
  List<String> files = new ArrayList<>();

  @Option(
      names = {"-s", "--set"},
      paramLabel = "PATH=VALUE",
      description = "A single setting, such as profile=minimal or values.global.hub=example/mesh")
  List<String> settings = new ArrayList<>();

  @Option(
      names = {"-r", "--revision"},
      paramLabel = "NAME",
      description = "The name of the control plane, if there are several")
  String revision = "";

  @Option(
      names = "--force",
      description =
          "Ignore fields that have no meaning here. Never takes over objects of other owners.")
  boolean force;

  /** What the user wants. What is wrong in it is said; without {@code --force} it ends here. */
  IstioOperator read(Installation installation, PrintWriter err) {
    List<String> all = new ArrayList<>(settings);
    if (!revision.isEmpty()) {
      all.add("revision=" + revision);
    }
    IstioOperator.Read read =
        installation.read(files.stream().map(OperatorOptions::text).toList(), all);
    if (!read.problems().isEmpty() && !force) {
      throw CommandFailure.failed(
          "the IstioOperator cannot be used:\n"
              + read.problems().stream().map(p -> "  " + p).collect(Collectors.joining("\n"))
              + "\nNothing was done. Correct it, or say --force to go on without these.");
    }
    read.problems().forEach(problem -> err.println("weft: warning: " + problem));
    err.flush();
    return read.operator();
  }

  private static String text(String file) {
    try {
      return file.equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
