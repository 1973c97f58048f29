package dev.weft.access;

import dev.weft.types.Json;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A key that tokens are verified with (RFC 7517).
 *
 * @param type {@code RSA}, {@code EC} or {@code OKP}
 * @param curve empty for RSA
 * @param kid empty where it has no name
 * @param alg the only algorithm that it is for; empty for all of its type
 */
public record JwtKey(String type, String curve, String kid, String alg, PublicKey key) {
  private static final Map<String, String> CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  /**
   * The keys of a set; those that cannot be read, or are of types that are not known, are left out.
   *
   * @throws IllegalArgumentException where the text is no set of keys
   */
  public static List<JwtKey> set(String jwks) {
    if (!(Json.parseObject(jwks).get("keys") instanceof List<?> written)) {
      throw new IllegalArgumentException("a set of keys has a list \"keys\"");
    }
    List<JwtKey> keys = new ArrayList<>();
    for (Object each : written) {
      if (each instanceof Map<?, ?> fields) {
        try {
          add(fields, keys);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          // What nobody can read verifies nothing; the other keys do.
        }
      }
    }
    return keys;
  }

  private static void add(Map<?, ?> fields, List<JwtKey> to) throws GeneralSecurityException {
    String type = text(fields, "kty");
    String curve = text(fields, "crv");
    String kid = text(fields, "kid");
    String alg = text(fields, "alg");
    if (type.equals("RSA")) {
      RSAPublicKeySpec spec = new RSAPublicKeySpec(number(fields, "n"), number(fields, "e"));
      PublicKey key = KeyFactory.getInstance("RSA").generatePublic(spec);
      to.add(new JwtKey(type, "", kid, alg, key));
    } else if (type.equals("EC") && CURVES.containsKey(curve)) {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(CURVES.get(curve)));
      ECParameterSpec known = parameters.getParameterSpec(ECParameterSpec.class);
      int most = known.getCurve().getField().getFieldSize();
      ECPublicKeySpec spec =
          new ECPublicKeySpec(
              new ECPoint(coordinate(fields, "x", most), coordinate(fields, "y", most)), known);
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(spec);
      to.add(new JwtKey(type, curve, kid, alg, key));
    } else if (type.equals("OKP") && curve.equals("Ed25519")) {
      EdECPublicKeySpec spec =
          new EdECPublicKeySpec(NamedParameterSpec.ED25519, point(bytes(fields, "x")));
      PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(spec);
      to.add(new JwtKey(type, curve, kid, alg, key));
    }
  }

  /** RFC 8032, 5.1.2: the lowest byte first, the sign of x in the highest bit. */
  private static EdECPoint point(byte[] encoded) {
    byte[] bytes = new byte[encoded.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = encoded[bytes.length - 1 - i];
    }
    boolean odd = bytes.length > 0 && (bytes[0] & 0x80) != 0;
    if (odd) {
      bytes[0] &= 0x7f;
    }
    return new EdECPoint(odd, new BigInteger(1, bytes));
  }

  private static String text(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  /** The JDK has no exception of its own for one that is too large. */
  private static BigInteger coordinate(Map<?, ?> fields, String name, int most) {
    BigInteger number = number(fields, name);
    if (number.bitLength() > most) {
      throw new IllegalArgumentException("the curve has no points with such an " + name);
    }
    return number;
  }

  private static BigInteger number(Map<?, ?> fields, String name) {
    return new BigInteger(1, bytes(fields, name));
  }

  private static byte[] bytes(Map<?, ?> fields, String name) {
    String text = text(fields, name);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a key has no \"" + name + "\"");
    }
    return Base64.getUrlDecoder().decode(text);
  }
}
