package dev.weft.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Issues and verifies service-account tokens: ES256 JWTs with the claims of Kubernetes. */
public final class Tokens {
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final TypeKey ACCOUNTS = new TypeKey("", "serviceaccounts");
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** A token that is good, and the audiences it is good for. */
  public record Verified(Identity who, List<String> audiences) {}

  /** What a token stops being good without; {@code plural} is that of a core type. */
  public record BoundObject(String plural, String kind, String name, String uid) {}

  private final KeyPair key;
  private final String keyId;
  private final Store store;

  public Tokens(KeyPair key, Store store) {
    this.key = key;
    this.store = store;
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getPublic().getEncoded());
      this.keyId = ENCODER.encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A new token.
   *
   * @param audiences empty for the API server itself
   * @throws ApiException 404 where there is no such service account or bound object
   */
  public String issue(
      String namespace,
      String account,
      List<String> audiences,
      Duration validity,
      Optional<BoundObject> bound) {
    StoredObject found =
        store
            .head(ACCOUNTS, new ObjectKey(namespace, account))
            .orElseThrow(
                () ->
                    Errors.notFound(
                        ResourceType.core("serviceaccounts", "ServiceAccount"), account));
    long now = Instant.now().getEpochSecond();
    ObjectNode claims = Json.object();
    claims.set("aud", Json.strings(audiences.isEmpty() ? List.of(ISSUER) : audiences));
    claims.put("exp", now + validity.toSeconds());
    claims.put("iat", now);
    claims.put("iss", ISSUER);
    claims.put("jti", UUID.randomUUID().toString());
    ObjectNode kubernetes = claims.putObject("kubernetes.io").put("namespace", namespace);
    bound.ifPresent(b -> bind(kubernetes, namespace, b));
    kubernetes
        .putObject("serviceaccount")
        .put("name", account)
        .put("uid", Json.text(found.object(), "metadata", "uid"));
    claims.put("nbf", now);
    claims.put("sub", "system:serviceaccount:" + namespace + ":" + account);
    ObjectNode header = Json.object().put("alg", "ES256").put("kid", keyId);
    String signed = encode(header) + "." + encode(claims);
    return signed + "." + ENCODER.encodeToString(sign(signed));
  }

  private void bind(ObjectNode kubernetes, String namespace, BoundObject bound) {
    ResourceType type = ResourceType.core(bound.plural(), bound.kind());
    StoredObject object =
        store
            .head(TypeKey.of(type), new ObjectKey(namespace, bound.name()))
            .orElseThrow(() -> Errors.notFound(type, bound.name()));
    String uid = Json.text(object.object(), "metadata", "uid");
    if (!bound.uid().isEmpty() && !bound.uid().equals(uid)) {
      throw Errors.conflict(
          type,
          bound.name(),
          "the UID in the bound object reference ("
              + bound.uid()
              + ") does not match the UID in record ("
              + uid
              + "). The object might have been deleted and then recreated");
    }
    kubernetes
        .putObject(bound.plural().substring(0, bound.plural().length() - 1))
        .put("name", bound.name())
        .put("uid", uid);
    String node = Json.text(object.object(), "spec", "nodeName");
    if (!node.isEmpty()) {
      kubernetes.putObject("node").put("name", node);
    }
  }

  private static String encode(JsonNode node) {
    return ENCODER.encodeToString(Json.bytes(node));
  }

  private byte[] sign(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Who a token stands for, where it is ours, unexpired, meant for one of the audiences, and its
   * account and bound object still exist.
   *
   * @param audiences empty for the API server itself
   */
  public Optional<Verified> verify(String token, List<String> audiences) {
    return claims(token).flatMap(claims -> verify(claims, audiences));
  }

  private Optional<JsonNode> claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode header = Json.read(DECODER.decode(parts[0]), new ArrayList<>());
      byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initVerify(key.getPublic());
      signature.update(signed);
      boolean good =
          Json.text(header, "alg").equals("ES256") && signature.verify(DECODER.decode(parts[2]));
      return good
          ? Optional.of(Json.read(DECODER.decode(parts[1]), new ArrayList<>()))
          : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException | ApiException e) {
      return Optional.empty();
    }
  }

  private Optional<Verified> verify(JsonNode claims, List<String> audiences) {
    long now = Instant.now().getEpochSecond();
    List<String> wanted = audiences.isEmpty() ? List.of(ISSUER) : audiences;
    List<String> common = Json.texts(claims.get("aud")).stream().filter(wanted::contains).toList();
    JsonNode kubernetes = claims.path("kubernetes.io");
    String namespace = Json.text(kubernetes, "namespace");
    String account = Json.text(kubernetes, "serviceaccount", "name");
    boolean good =
        Json.text(claims, "iss").equals(ISSUER)
            && claims.path("exp").asLong() > now
            && claims.path("nbf").asLong() <= now + 10
            && !common.isEmpty()
            && alive("serviceaccounts", namespace, kubernetes.path("serviceaccount"))
            && (!kubernetes.has("pod") || alive("pods", namespace, kubernetes.path("pod")))
            && (!kubernetes.has("secret")
                || alive("secrets", namespace, kubernetes.path("secret")));
    if (!good) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new HashMap<>();
    extra.put(
        "authentication.kubernetes.io/credential-id", List.of("JTI=" + Json.text(claims, "jti")));
    if (kubernetes.has("pod")) {
      extra.put(
          "authentication.kubernetes.io/pod-name", List.of(Json.text(kubernetes, "pod", "name")));
      extra.put(
          "authentication.kubernetes.io/pod-uid", List.of(Json.text(kubernetes, "pod", "uid")));
    }
    Identity who =
        new Identity(
            "system:serviceaccount:" + namespace + ":" + account,
            Json.text(kubernetes, "serviceaccount", "uid"),
            groups(namespace),
            extra);
    return Optional.of(new Verified(who, common));
  }

  /** What every service account of a namespace is in. */
  public static List<String> groups(String namespace) {
    return List.of(
        "system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated");
  }

  private boolean alive(String plural, String namespace, JsonNode reference) {
    return store
        .get(new TypeKey("", plural), new ObjectKey(namespace, Json.text(reference, "name")))
        .map(found -> Json.text(found.object(), "metadata", "uid"))
        .filter(uid -> uid.equals(Json.text(reference, "uid")))
        .isPresent();
  }

  /** The public key, for who verifies tokens without asking: RFC 7517. */
  public ObjectNode keySet() {
    ECPublicKey publicKey = (ECPublicKey) key.getPublic();
    ObjectNode set = Json.object();
    set.putArray("keys")
        .addObject()
        .put("use", "sig")
        .put("kty", "EC")
        .put("kid", keyId)
        .put("crv", "P-256")
        .put("alg", "ES256")
        .put("x", coordinate(publicKey.getW().getAffineX()))
        .put("y", coordinate(publicKey.getW().getAffineY()));
    return set;
  }

  private static String coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return ENCODER.encodeToString(fixed);
  }
}
