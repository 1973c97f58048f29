package dev.weft.config;

import dev.weft.config.RequestAuthentication.ClaimHeader;
import dev.weft.config.RequestAuthentication.JwtRule;
import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.config.RequestAuthentication.TokenHeader;
import dev.weft.types.HeaderText;
import dev.weft.types.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * {@code security.istio.io RequestAuthentication}, with what Istio refuses. Istio:
 * pkg/config/validation.
 */
final class RequestAuthenticationParser {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private RequestAuthenticationParser() {}

  static RequestAuthentication read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec);
    return new RequestAuthentication(
        meta, target, spec.objects("jwtRules", RequestAuthenticationParser::rule));
  }

  private static JwtRule rule(TreeReader r) {
    String issuer = r.string("issuer");
    return new JwtRule(
        issuer,
        filled(r, "audiences"),
        keys(r, issuer),
        r.objects("fromHeaders", RequestAuthenticationParser::place),
        filled(r, "fromParams"),
        filled(r, "fromCookies"),
        r.bool("forwardOriginalToken", false),
        header(r, "outputPayloadToHeader"),
        r.objects("outputClaimToHeaders", RequestAuthenticationParser::claim),
        filled(r, "spaceDelimitedClaims"));
  }

  private static KeySource keys(TreeReader r, String issuer) {
    String jwks = r.string("jwks");
    // Istio takes both spellings.
    String uri = r.string("jwksUri", r.string("jwks_uri"));
    Duration timeout = r.duration("timeout", TIMEOUT);
    if (timeout.isNegative() || timeout.isZero()) {
      r.error("timeout", "more than nothing is needed");
    }
    if (issuer.isEmpty() && uri.isEmpty()) {
      r.error("issuer", "issuer or jwksUri is needed");
    }
    if (!uri.isEmpty() && !jwks.isEmpty()) {
      r.warning("unsupported-field", "jwksUri", "jwks counts: take one of both away");
    }
    if (!jwks.isEmpty()) {
      keySet(r, jwks);
      return new KeySource.Inline(jwks);
    }
    if (!uri.isEmpty()) {
      address(r, "jwksUri", uri);
      return new KeySource.Remote(uri, timeout);
    }
    return new KeySource.Discovered(issuer, timeout);
  }

  private static void keySet(TreeReader r, String jwks) {
    try {
      if (!(Json.parseObject(jwks).get("keys") instanceof List<?> keys) || keys.isEmpty()) {
        r.error("jwks", "there are no keys in it: a JSON object with a list \"keys\" is needed");
      }
    } catch (IllegalArgumentException e) {
      r.error("jwks", "not a set of keys: " + e.getMessage());
    }
  }

  private static void address(TreeReader r, String key, String uri) {
    try {
      URI parsed = new URI(uri);
      if (parsed.getHost() == null || !Set.of("http", "https").contains(parsed.getScheme())) {
        r.error(key, "'" + uri + "' is no address of http:// or https://");
      }
    } catch (URISyntaxException e) {
      r.error(key, "'" + uri + "' is no address: " + e.getReason());
    }
  }

  private static TokenHeader place(TreeReader r) {
    r.required("name");
    String name = header(r, "name");
    if (name.isEmpty()) {
      r.error("name", "the name of a header is needed");
    }
    return new TokenHeader(name, r.string("prefix"));
  }

  private static ClaimHeader claim(TreeReader r) {
    r.required("header", "claim");
    ClaimHeader claim = new ClaimHeader(r.string("claim"), header(r, "header"));
    if (claim.claim().isEmpty() || claim.header().isEmpty()) {
      r.error("claim", "a claim and the header that it becomes are needed");
    }
    return claim;
  }

  private static String header(TreeReader r, String key) {
    String name = r.string(key);
    if (!name.isEmpty() && !HeaderText.isName(name)) {
      r.error(key, "'" + name + "' is not the name of a header");
    }
    return name;
  }

  private static List<String> filled(TreeReader r, String key) {
    List<String> values = r.strings(key);
    if (values.contains("")) {
      r.error(key, "an empty text is no value: take it away");
    }
    return values;
  }
}
