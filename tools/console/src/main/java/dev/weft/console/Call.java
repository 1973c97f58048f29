package dev.weft.console;

import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A request of somebody who was let in. */
record Call(ServerRequest request, Caller caller) {
  static final int MAX_BODY_BYTES = 1 << 20;

  /** What is read of a body in all, so that whoever sends it gets to read the refusal. */
  static final long MAX_SKIPPED_BYTES = 16L * MAX_BODY_BYTES;

  private static final Pattern COMMA = Pattern.compile(",");

  /** A part of the path, by the name that the route gives it. */
  String part(String name) {
    return request.path().pathParameters().get(name);
  }

  /** A parameter; empty where it is not given. */
  String parameter(String name) {
    return request.query().first(name).orElse("");
  }

  /** A parameter with several values, divided by commas. */
  List<String> list(String name) {
    return COMMA
        .splitAsStream(parameter(name))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .distinct()
        .toList();
  }

  boolean flag(String name) throws ProblemException {
    return flag(name, false);
  }

  boolean flag(String name, boolean otherwise) throws ProblemException {
    return switch (parameter(name)) {
      case "" -> otherwise;
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw ProblemException.badRequest(
              "the parameter " + name + " is '" + parameter(name) + "', but must be true or false");
    };
  }

  int number(String name, int otherwise, int min, int max) throws ProblemException {
    String written = parameter(name);
    if (written.isEmpty()) {
      return otherwise;
    }
    if (written.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(written);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw ProblemException.badRequest(
        "the parameter %s is '%s', but must be a number between %d and %d"
            .formatted(name, written, min, max));
  }

  /** What was sent, as text. */
  String body() throws ProblemException {
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        skip(in, MAX_SKIPPED_BYTES);
        throw ProblemException.badRequest(
            "the body is longer than " + MAX_BODY_BYTES + " bytes: send fewer objects at once");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ProblemException.badRequest("the body is no UTF-8");
    } catch (IOException e) {
      throw ProblemException.badRequest("the body ended too early");
    }
  }

  private static void skip(InputStream in, long max) throws IOException {
    byte[] chunk = new byte[1 << 14];
    long skipped = 0;
    int read = 0;
    while (read >= 0 && skipped < max) {
      skipped += read;
      read = in.read(chunk);
    }
  }
}
