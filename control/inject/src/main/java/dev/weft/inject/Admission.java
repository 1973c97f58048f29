package dev.weft.inject;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/** A request of admission.k8s.io/v1, and the wrapping of its answer. */
record Admission(JsonNode request) {
  /** A small body can hold very many values, each of which takes more memory than it has bytes. */
  private static final int MAX_TOKENS = 500_000;

  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
              .build());

  String kind() {
    return request.path("kind").path("kind").asText(object().path("kind").asText(""));
  }

  /**
   * Whether it is about a pod. {@code istioctl kube-inject} asks about one that is no object of any
   * cluster yet, and says that its kind is the request's own.
   */
  boolean ofPod() {
    JsonNode kind = request.path("kind");
    return kind().equals("Pod")
        || (kind.path("group").asText("").equals("admission.k8s.io")
            && kind.path("kind").asText("").equals("AdmissionRequest"));
  }

  String namespace() {
    return request.path("namespace").asText(object().path("metadata").path("namespace").asText(""));
  }

  JsonNode object() {
    return request.path("object");
  }

  /** What becomes of a request. */
  sealed interface Verdict {
    record Unchanged(List<String> warnings) implements Verdict {}

    /**
     * @param patch a JSON Patch in Base64
     */
    record Patched(String patch, List<String> warnings) implements Verdict {}

    record Refused(String message) implements Verdict {}

    static Verdict unchanged(List<String> warnings) {
      return new Unchanged(List.copyOf(warnings));
    }

    static Verdict patched(String patch, List<String> warnings) {
      return new Patched(patch, List.copyOf(warnings));
    }

    static Verdict refused(String message) {
      return new Refused(message);
    }
  }

  /** Unwraps, asks, and wraps. */
  static byte[] answer(byte[] body, Function<Admission, Verdict> judge) {
    JsonNode review;
    try {
      review = MAPPER.readTree(body);
    } catch (IOException e) {
      review = JsonNodeFactory.instance.objectNode();
    }
    JsonNode request = review.path("request");
    Verdict verdict =
        request.isObject()
            ? judge.apply(new Admission(request))
            : Verdict.refused("the body is not an AdmissionReview of admission.k8s.io/v1");
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .put("apiVersion", review.path("apiVersion").asText("admission.k8s.io/v1"))
        .put("kind", "AdmissionReview");
    respond(answer.putObject("response"), request.path("uid").asText(""), verdict);
    try {
      return MAPPER.writeValueAsBytes(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void respond(ObjectNode response, String uid, Verdict verdict) {
    response.put("uid", uid);
    switch (verdict) {
      case Verdict.Unchanged u -> {
        response.put("allowed", true);
        warn(response, u.warnings());
      }
      case Verdict.Patched p -> {
        response.put("allowed", true).put("patchType", "JSONPatch").put("patch", p.patch());
        warn(response, p.warnings());
      }
      case Verdict.Refused r ->
          response
              .put("allowed", false)
              .putObject("status")
              .put("code", 400)
              .put("reason", "BadRequest")
              .put("message", r.message());
    }
  }

  private static void warn(ObjectNode response, List<String> warnings) {
    if (!warnings.isEmpty()) {
      ArrayNode list = response.putArray("warnings");
      warnings.forEach(list::add);
    }
  }
}
