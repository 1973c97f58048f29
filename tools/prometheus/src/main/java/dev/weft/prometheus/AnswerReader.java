package dev.weft.prometheus;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an answer of {@code /api/v1/query} or {@code query_range} piece by piece, so that no answer
 * is held as a whole. Source of the format: Prometheus, "HTTP API". Confined to one answer.
 */
final class AnswerReader {
  /** Longer than any label of Istio's. */
  private static final int LONGEST_TEXT = 8_192;

  private static final int DEEPEST = 32;
  private static final int LONGEST_MESSAGE = 300;
  private static final int MAX_WARNINGS = 10;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(LONGEST_TEXT)
                  .maxNestingDepth(DEEPEST)
                  .build())
          .build();

  private final SampleSink sink;
  private final Room room;

  /** Many series share few values; each is kept once. */
  private final Map<String, String> texts = new HashMap<>();

  private final List<String> warnings = new ArrayList<>();
  private String status = "";
  private String error = "";

  private AnswerReader(SampleSink sink, Room room) {
    this.sink = sink;
    this.room = room;
  }

  /**
   * Hands over all samples.
   *
   * @return what the server warns of: an aggregate answers in part where one behind it is away
   * @throws PrometheusException saying what the server says, or that it is no Prometheus
   */
  static List<String> read(InputStream answer, SampleSink sink, Room room)
      throws PrometheusException, IOException {
    AnswerReader reader = new AnswerReader(sink, room);
    try (JsonParser parser = JSON.createParser(answer)) {
      reader.root(parser);
    } catch (JacksonException | CharConversionException e) {
      throw new PrometheusException("its answer is not that of Prometheus' API");
    }
    if (!reader.status.equals("success")) {
      throw new PrometheusException(
          reader.error.isEmpty() ? "its answer is not that of Prometheus' API" : reader.error);
    }
    return List.copyOf(reader.warnings);
  }

  private void root(JsonParser parser) throws IOException, PrometheusException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new PrometheusException("its answer is not that of Prometheus' API");
    }
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case "status" -> status = parser.getValueAsString("");
        case "error" -> error = brief(parser.getValueAsString(""));
        case "warnings" -> warnings(parser);
        case "data" -> answer(parser);
        default -> parser.skipChildren();
      }
    }
  }

  private void warnings(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (warnings.size() < MAX_WARNINGS) {
          warnings.add(brief(parser.getValueAsString("")));
        }
      }
    }
  }

  /** A message for a person. */
  private static String brief(String text) {
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
  }

  private void answer(JsonParser parser) throws IOException, PrometheusException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      if (field.equals("result") && value == JsonToken.START_ARRAY) {
        result(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void result(JsonParser parser) throws IOException, PrometheusException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY && token != null;
        token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        series(parser);
      } else {
        // A scalar's moment and value.
        parser.skipChildren();
      }
    }
  }

  private void series(JsonParser parser) throws IOException, PrometheusException {
    Map<String, String> labels = Map.of();
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      switch (field) {
        case "metric" -> labels = labels(parser);
        case "value" -> sample(parser, labels);
        case "values" -> {
          while (parser.nextToken() == JsonToken.START_ARRAY) {
            sample(parser, labels);
          }
        }
        default -> parser.skipChildren();
      }
    }
  }

  private Map<String, String> labels(JsonParser parser) throws IOException, PrometheusException {
    Map<String, String> labels = new HashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      labels.put(name, once(parser.getValueAsString("")));
    }
    return labels;
  }

  private String once(String text) throws PrometheusException {
    String known = texts.putIfAbsent(text, text);
    if (known != null) {
      return known;
    }
    room.takeText(text.length());
    return text;
  }

  /** {@code [1700000000.123, "7"]}. */
  private void sample(JsonParser parser, Map<String, String> labels)
      throws IOException, PrometheusException {
    parser.nextToken();
    double seconds = parser.getValueAsDouble();
    parser.nextToken();
    String value = parser.getValueAsString("");
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw new PrometheusException("its answer has a sample that is no moment and value");
    }
    sink.sample(labels, seconds, number(value));
  }

  private static double number(String text) throws PrometheusException {
    try {
      return switch (text) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw new PrometheusException("its answer has '" + text + "' where a number must be");
    }
  }
}
