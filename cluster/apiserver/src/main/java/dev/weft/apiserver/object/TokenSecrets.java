package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.SecretRules;
import dev.weft.apiserver.schema.KnownType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets of type {@code kubernetes.io/service-account-token}: whoever makes one for an account
 * gets a long-lived token in it. Remote secrets of a mesh are made this way.
 */
final class TokenSecrets {
  private static final Duration VALIDITY = Duration.ofDays(3650);

  private final Tokens tokens;
  private final String caCertificatePem;

  TokenSecrets(Tokens tokens, String caCertificatePem) {
    this.tokens = tokens;
    this.caCertificatePem = caCertificatePem;
  }

  /** The secret with its token, where it is one of those and has none yet. */
  ObjectNode written(KnownType known, ObjectNode secret, Objects objects) {
    if (!Json.text(secret, "type").equals(SecretRules.TOKEN) || secret.path("data").has("token")) {
      return secret;
    }
    String namespace = Json.text(secret, "metadata", "namespace");
    String name = Json.text(secret, "metadata", "name");
    String account = Json.text(secret, "metadata", "annotations", SecretRules.ACCOUNT);
    String token;
    try {
      token =
          tokens.issue(
              namespace,
              account,
              List.of(),
              VALIDITY,
              Optional.of(
                  new Tokens.BoundObject(
                      "secrets", "Secret", name, Json.text(secret, "metadata", "uid"))));
    } catch (ApiException e) {
      // The account may still come; the secret is filled with its next write then.
      return secret;
    }
    Map<String, String> data =
        Map.of("token", token, "ca.crt", caCertificatePem, "namespace", namespace);
    return objects.update(
        known,
        namespace,
        name,
        Objects.Part.MAIN,
        present -> {
          ObjectNode values = Json.child(present, "data");
          data.forEach((key, value) -> values.put(key, encoded(value)));
          return present;
        },
        Call.inProcess());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
