package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a request is answered with. */
sealed interface Answer {

  /**
   * A whole answer.
   *
   * @param warnings for the client's user, shown by kubectl
   * @param immutable whether the address will never mean anything else, so that clients may keep
   *     the answer
   */
  record Body(int code, String contentType, byte[] bytes, List<String> warnings, boolean immutable)
      implements Answer {
    Body(int code, String contentType, byte[] bytes, List<String> warnings) {
      this(code, contentType, bytes, warnings, false);
    }
  }

  /** An answer that goes on until {@code writer} returns. */
  record Stream(String contentType, Writer writer) implements Answer {}

  /** Writes a stream; a failed write means that the client is gone. */
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Body json(int code, JsonNode node) {
    return new Body(code, "application/json", Json.bytes(node), List.of());
  }

  static Body json(int code, JsonNode node, List<String> warnings) {
    return new Body(code, "application/json", Json.bytes(node), List.copyOf(warnings));
  }

  static Body text(int code, String text) {
    return new Body(
        code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), List.of());
  }

  static Body refusal(ApiException e) {
    return json(e.code(), Errors.status(e));
  }
}
