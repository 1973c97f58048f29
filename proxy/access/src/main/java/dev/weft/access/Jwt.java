package dev.weft.access;

import dev.weft.types.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token as it was sent (RFC 7519 in the compact form of RFC 7515). Nothing of it is to be
 * believed before its signature is verified.
 */
final class Jwt {
  private final String text;
  private final String alg;
  private final String kid;
  private final Map<String, @Nullable Object> payload;
  private final byte[] signature;
  private final int firstDot;
  private final int lastDot;

  private Jwt(String text) throws BadTokenException {
    this.text = text;
    firstDot = text.indexOf('.');
    lastDot = text.lastIndexOf('.');
    if (firstDot < 0 || text.indexOf('.', firstDot + 1) != lastDot || firstDot == lastDot) {
      throw new BadTokenException(JwtStatus.BAD_FORMAT);
    }
    Map<String, @Nullable Object> header =
        object(text.substring(0, firstDot), JwtStatus.HEADER_BAD_BASE64, JwtStatus.HEADER_BAD_JSON);
    alg = text(header, "alg", JwtStatus.HEADER_BAD_ALG);
    if (alg.isEmpty()) {
      throw new BadTokenException(JwtStatus.HEADER_BAD_ALG);
    }
    if (!JwtAlgorithm.known(alg)) {
      throw new BadTokenException(JwtStatus.HEADER_UNKNOWN_ALG);
    }
    kid = text(header, "kid", JwtStatus.HEADER_BAD_KID);
    // Who does not understand what is critical must refuse (RFC 7515, 4.1.11).
    if (header.containsKey("crit")) {
      throw new BadTokenException(JwtStatus.HEADER_CRITICAL);
    }
    payload = object(payloadText(), JwtStatus.PAYLOAD_BAD_BASE64, JwtStatus.PAYLOAD_BAD_JSON);
    String unusedIssuer = text(payload, "iss", JwtStatus.ISS_NOT_STRING);
    String unusedSubject = text(payload, "sub", JwtStatus.SUB_NOT_STRING);
    seconds("nbf", JwtStatus.NBF_NOT_INTEGER);
    seconds("exp", JwtStatus.EXP_NOT_INTEGER);
    Object audience = payload.get("aud");
    if (audience != null
        && !(audience instanceof String)
        && !(audience instanceof List<?> list
            && list.stream().allMatch(String.class::isInstance))) {
      throw new BadTokenException(JwtStatus.AUD_NOT_STRING);
    }
    signature = decoded(text.substring(lastDot + 1), JwtStatus.SIGNATURE_BAD_BASE64);
  }

  static Jwt parse(String text) throws BadTokenException {
    return new Jwt(text);
  }

  private static Map<String, @Nullable Object> object(
      String part, JwtStatus badBase64, JwtStatus badJson) throws BadTokenException {
    try {
      return Json.parseObject(new String(decoded(part, badBase64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BadTokenException(badJson);
    }
  }

  private static byte[] decoded(String part, JwtStatus bad) throws BadTokenException {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw new BadTokenException(bad);
    }
  }

  private static String text(Map<String, @Nullable Object> from, String key, JwtStatus bad)
      throws BadTokenException {
    return switch (from.get(key)) {
      case null -> "";
      case String value -> value;
      default -> throw new BadTokenException(bad);
    };
  }

  /** Seconds since 1970; 0 where there are none. */
  private double seconds(String key, JwtStatus bad) throws BadTokenException {
    return switch (payload.get(key)) {
      case null -> 0;
      case Double value when value >= 0 -> value;
      default -> throw new BadTokenException(bad);
    };
  }

  String alg() {
    return alg;
  }

  /** Of the key; empty where the token does not say. */
  String kid() {
    return kid;
  }

  Map<String, @Nullable Object> payload() {
    return payload;
  }

  /** The payload as it was sent, in base64url. */
  String payloadText() {
    return text.substring(firstDot + 1, lastDot);
  }

  /** Empty where the token names none. */
  String issuer() {
    return payload.get("iss") instanceof String issuer ? issuer : "";
  }

  List<String> audiences() {
    return switch (payload.get("aud")) {
      case String one -> List.of(one);
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }

  /** The time from which it is valid, in seconds since 1970; 0 for any. */
  double notBefore() {
    return payload.get("nbf") instanceof Double value ? value : 0;
  }

  /** The time until which it is valid, in seconds since 1970; 0 for any. */
  double expires() {
    return payload.get("exp") instanceof Double value ? value : 0;
  }

  byte[] signed() {
    return text.substring(0, lastDot).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] signature() {
    return signature;
  }
}
