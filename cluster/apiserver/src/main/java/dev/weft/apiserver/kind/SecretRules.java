package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Secrets, config maps and role bindings. */
public final class SecretRules {
  public static final String TOKEN = "kubernetes.io/service-account-token";

  /** The annotation of a token secret that names its service account. */
  public static final String ACCOUNT = "kubernetes.io/service-account.name";

  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  /** Of all values (Kubernetes: MaxSecretSize, for config maps, too). */
  private static final int LARGEST = 1 << 20;

  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
          "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"));

  private SecretRules() {}

  /** Text under {@code stringData} is stored encoded under {@code data}. */
  public static void defaults(ObjectNode secret) {
    Defaulting.text(secret, "type", "Opaque");
    JsonNode text = secret.remove("stringData");
    if (text == null || text.isNull()) {
      return;
    }
    ObjectNode data = Json.child(secret, "data");
    for (Map.Entry<String, JsonNode> entry : text.properties()) {
      data.put(
          entry.getKey(),
          Base64.getEncoder()
              .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8)));
    }
  }

  public static void validate(
      ResourceType type, ObjectNode object, Optional<ObjectNode> old, List<FieldError> errors) {
    for (String field : List.of("data", "binaryData")) {
      for (Map.Entry<String, JsonNode> entry : object.path(field).properties()) {
        if (!KEY.matches(entry.getKey()) || entry.getKey().length() > 253) {
          errors.add(
              FieldError.invalid(
                  field + "[" + entry.getKey() + "]",
                  entry.getKey(),
                  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                      + " (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for"
                      + " validation is '[-._a-zA-Z0-9]+')"));
        }
      }
    }
    boolean secret = type.plural().equals("secrets");
    if (size(object, secret) > LARGEST) {
      // The path of the whole object is written like that.
      errors.add(FieldError.tooLong(secret ? "data" : "[]", LARGEST));
    }
    if (Json.text(object, "type").equals(TOKEN)
        && Json.text(object, "metadata", "annotations", ACCOUNT).isEmpty()) {
      errors.add(FieldError.required("metadata.annotations[" + ACCOUNT + "]", ""));
    }
    for (String key : REQUIRED.getOrDefault(Json.text(object, "type"), List.of())) {
      if (!object.path("data").has(key)) {
        errors.add(FieldError.required("data[" + key + "]", ""));
      }
    }
    if (old.isEmpty()) {
      return;
    }
    JsonNode before = old.get();
    if (secret && !Json.text(before, "type").equals(Json.text(object, "type"))) {
      errors.add(FieldError.invalid("type", Json.text(object, "type"), "field is immutable"));
    }
    if (before.path("immutable").asBoolean()
        && (!object.path("immutable").asBoolean()
            || !before.path("data").equals(object.path("data")))) {
      errors.add(FieldError.forbidden("data", "field is immutable when `immutable` is set"));
    }
  }

  /** Bytes of the values; those of {@code binaryData}, and all of a secret, are in Base64. */
  private static long size(ObjectNode object, boolean secret) {
    long size = 0;
    for (JsonNode value : object.path("data")) {
      size += secret ? decodedLength(value.asText()) : Names.utf8Length(value.asText());
    }
    for (JsonNode value : object.path("binaryData")) {
      size += decodedLength(value.asText());
    }
    return size;
  }

  private static int decodedLength(String base64) {
    int digits = base64.length();
    while (digits > 0 && base64.charAt(digits - 1) == '=') {
      digits--;
    }
    return (int) (digits * 3L / 4);
  }

  public static void roleBinding(
      ObjectNode binding, Optional<ObjectNode> old, List<FieldError> errors) {
    if (Json.text(binding, "roleRef", "name").isEmpty()) {
      errors.add(FieldError.required("roleRef.name", ""));
    }
    if (old.isPresent() && !old.get().path("roleRef").equals(binding.path("roleRef"))) {
      errors.add(FieldError.invalid("roleRef", binding.path("roleRef"), "cannot change roleRef"));
    }
  }
}
