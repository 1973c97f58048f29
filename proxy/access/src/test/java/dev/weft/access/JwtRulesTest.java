package dev.weft.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtRulesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final KeyPair RSA = pair("RSA", "");

  private static KeyPair pair(String type, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      if (!curve.isEmpty()) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String number(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[length];
    int count = Math.min(length, bytes.length);
    System.arraycopy(bytes, bytes.length - count, fixed, length - count, count);
    return encoded(fixed);
  }

  private static String jwk(PublicKey key, String curve, String more) {
    String fields =
        switch (key) {
          case RSAPublicKey rsa ->
              "\"kty\":\"RSA\",\"n\":\""
                  + number(rsa.getModulus(), rsa.getModulus().bitLength() / 8)
                  + "\",\"e\":\"AQAB\"";
          case ECPublicKey ec -> {
            int length = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            yield "\"kty\":\"EC\",\"crv\":\""
                + curve
                + "\",\"x\":\""
                + number(ec.getW().getAffineX(), length)
                + "\",\"y\":\""
                + number(ec.getW().getAffineY(), length)
                + "\"";
          }
          case EdECPublicKey ed -> {
            byte[] der = ed.getEncoded();
            yield "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                + encoded(Arrays.copyOfRange(der, der.length - 32, der.length))
                + "\"";
          }
          default -> throw new IllegalArgumentException(key.getAlgorithm());
        };
    return "{\"keys\":[{" + fields + more + "}]}";
  }

  private static String token(String alg, KeyPair keys, String head, String payload) {
    String signed =
        encoded(("{\"alg\":\"" + alg + "\"" + head + "}").getBytes(UTF_8))
            + "."
            + encoded(payload.getBytes(UTF_8));
    try {
      Signature signature =
          Signature.getInstance(
              switch (alg.substring(0, 2)) {
                case "RS" -> "SHA" + alg.substring(2) + "withRSA";
                case "PS" -> "RSASSA-PSS";
                case "ES" -> "SHA" + alg.substring(2) + "withECDSAinP1363Format";
                default -> "Ed25519";
              });
      if (alg.startsWith("PS")) {
        String hash = "SHA-" + alg.substring(2);
        signature.setParameter(
            new PSSParameterSpec(
                hash,
                "MGF1",
                new MGF1ParameterSpec(hash),
                Integer.parseInt(alg.substring(2)) / 8,
                1));
      }
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JwtProvider provider(String issuer, List<JwtKey> keys) {
    return new JwtProvider(
        issuer,
        List.of(),
        keys,
        false,
        List.of(),
        List.of(),
        List.of(),
        "",
        false,
        "payload",
        List.of("scope"),
        Duration.ofSeconds(60),
        List.of());
  }

  private static JwtStatus status(List<JwtKey> keys, String token) {
    JwtRules rules =
        new JwtRules(
            Map.of("p", provider("i", keys)),
            new JwtRequirement.OneOf(
                List.of(new JwtRequirement.Of("p"), new JwtRequirement.ValidIfThere())),
            true);
    return switch (rules.decide(asked(token), NOW)) {
      case JwtDecision.Passed passed -> JwtStatus.OK;
      case JwtDecision.Refused(JwtStatus status) -> status;
    };
  }

  private static Asked asked(String token) {
    return new Asked("GET", "web", "/", Map.of("authorization", "Bearer " + token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void every_algorithm_verifies_what_it_signed_and_nothing_else(String alg) {
    String curve =
        switch (alg) {
          case "ES256" -> "secp256r1";
          case "ES384" -> "secp384r1";
          case "ES512" -> "secp521r1";
          default -> "";
        };
    String type = curve.isEmpty() ? alg.equals("EdDSA") ? "Ed25519" : "RSA" : "EC";
    String name = "P-" + (alg.equals("ES512") ? "521" : alg.substring(2));
    KeyPair keys = type.equals("RSA") ? RSA : pair(type, curve);
    KeyPair others = pair(type, curve);
    List<JwtKey> known = JwtKey.set(jwk(keys.getPublic(), name, ""));
    String good = token(alg, keys, "", "{\"iss\":\"i\"}");
    assertThat(status(known, good)).isEqualTo(JwtStatus.OK);
    assertThat(status(known, token(alg, others, "", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.VERIFICATION_FAILS);
    String other = encoded("{\"iss\":\"i\",\"sub\":\"x\"}".getBytes(UTF_8));
    assertThat(status(known, good.replaceFirst("\\.[^.]*\\.", "." + other + ".")))
        .isEqualTo(JwtStatus.VERIFICATION_FAILS);
  }

  private static JwtStatus payload(String payload) {
    return status(JwtKey.set(jwk(RSA.getPublic(), "", "")), token("RS256", RSA, "", payload));
  }

  @Test
  void times_count_with_a_minute_for_clocks_that_differ() {
    long now = NOW.getEpochSecond();
    assertThat(payload("{\"iss\":\"i\",\"exp\":" + (now - 60) + "}")).isEqualTo(JwtStatus.OK);
    assertThat(payload("{\"iss\":\"i\",\"exp\":" + (now - 61) + "}")).isEqualTo(JwtStatus.EXPIRED);
    assertThat(payload("{\"iss\":\"i\",\"nbf\":" + (now + 60) + "}")).isEqualTo(JwtStatus.OK);
    assertThat(payload("{\"iss\":\"i\",\"nbf\":" + (now + 61) + "}"))
        .isEqualTo(JwtStatus.NOT_YET_VALID);
  }

  @Test
  void what_cannot_be_read_is_named() {
    assertThat(payload("{\"iss\":1}")).isEqualTo(JwtStatus.ISS_NOT_STRING);
    assertThat(payload("{\"iss\":\"i\",\"exp\":\"soon\"}")).isEqualTo(JwtStatus.EXP_NOT_INTEGER);
    assertThat(payload("{\"iss\":\"i\",\"aud\":[1]}")).isEqualTo(JwtStatus.AUD_NOT_STRING);
    assertThat(payload("x")).isEqualTo(JwtStatus.PAYLOAD_BAD_JSON);
    assertThat(payload("{\"iss\":\"other\"}")).isEqualTo(JwtStatus.UNKNOWN_ISSUER);
    assertThat(status(List.of(), "a.b")).isEqualTo(JwtStatus.BAD_FORMAT);
    assertThat(status(List.of(), "a.b.c.d")).isEqualTo(JwtStatus.BAD_FORMAT);
  }

  @Test
  void a_token_does_not_choose_an_algorithm_without_a_signature() {
    List<JwtKey> keys = JwtKey.set(jwk(RSA.getPublic(), "", ""));
    String payload = encoded("{\"iss\":\"i\"}".getBytes(UTF_8));
    for (String alg : List.of("none", "HS256", "rs256")) {
      String head = encoded(("{\"alg\":\"" + alg + "\"}").getBytes(UTF_8));
      assertThat(status(keys, head + "." + payload + ".")).isEqualTo(JwtStatus.HEADER_UNKNOWN_ALG);
    }
    assertThat(status(keys, token("RS256", RSA, ",\"crit\":[\"x\"]", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.HEADER_CRITICAL);
  }

  @Test
  void a_key_is_for_its_name_and_its_algorithm() {
    List<JwtKey> named = JwtKey.set(jwk(RSA.getPublic(), "", ",\"kid\":\"k\",\"alg\":\"RS256\""));
    assertThat(status(named, token("RS256", RSA, ",\"kid\":\"k\"", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.OK);
    assertThat(status(named, token("RS256", RSA, ",\"kid\":\"z\"", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.NO_MATCHING_KEY);
    assertThat(status(named, token("RS512", RSA, ",\"kid\":\"k\"", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.NO_MATCHING_KEY);
    assertThat(status(List.of(), token("RS256", RSA, "", "{\"iss\":\"i\"}")))
        .isEqualTo(JwtStatus.NO_VALID_KEYS);
  }

  @Test
  void a_key_that_cannot_be_read_leaves_the_others_alone() {
    String good = jwk(RSA.getPublic(), "", "");
    String odd =
        "{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"},{\"kty\":\"RSA\"},{\"kty\":\"oct\",\"k\":\"AQ\"},1,";
    assertThat(JwtKey.set(good.replace("[{", "[" + odd + "{"))).hasSize(1);
  }

  @Test
  void claims_are_kept_with_texts_as_lists_and_a_preflight_needs_none() {
    JwtRules rules =
        new JwtRules(
            Map.of("p", provider("i", JwtKey.set(jwk(RSA.getPublic(), "", "")))),
            new JwtRequirement.Of("p"),
            true);
    JwtDecision decision =
        rules.decide(asked(token("RS256", RSA, "", "{\"iss\":\"i\",\"scope\":\"a  b\"}")), NOW);
    assertThat(decision).isInstanceOf(JwtDecision.Passed.class);
    assertThat(((JwtDecision.Passed) decision).claims().at(List.of("payload", "scope")))
        .isEqualTo(List.of("a", "b"));
    Asked preflight =
        new Asked(
            "OPTIONS",
            "web",
            "/",
            Map.of("origin", "https://a", "access-control-request-method", "PUT"));
    assertThat(rules.decide(preflight, NOW)).isInstanceOf(JwtDecision.Passed.class);
    assertThat(rules.decide(new Asked("OPTIONS", "web", "/", Map.of()), NOW))
        .isEqualTo(new JwtDecision.Refused(JwtStatus.MISSED));
  }
}
