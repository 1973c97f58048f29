package dev.weft.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The {@code -o} option of every command that shows something. */
public final class OutputOption {

  /** How a result is written. */
  public enum Format {
    table,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      description = "table, json or yaml (default: table)",
      defaultValue = "table")
  Format format = Format.table;

  /**
   * Writes the result in the format asked for.
   *
   * @param value what programs get: records, maps, lists or JSON trees
   * @param text what people get, with a line break at its end
   */
  public void print(PrintWriter out, Object value, Supplier<String> text) {
    try {
      switch (format) {
        case table -> out.print(text.get());
        case json ->
            out.println(
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
        case yaml ->
            out.print(
                new ObjectMapper(
                        YAMLFactory.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .build())
                    .writeValueAsString(value));
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }
}
