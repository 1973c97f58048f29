package dev.weft.runtime;

import dev.weft.access.JwtKey;
import dev.weft.access.JwtProvider;
import dev.weft.access.JwtRequirement;
import dev.weft.access.JwtRules;
import dev.weft.xds.client.ProtoFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code JwtAuthentication}, for all requests alike, with keys that are given inline. */
final class JwtCompiler {
  /** Envoy's default. */
  private static final int SKEW_SECONDS = 60;

  private JwtCompiler() {}

  static JwtRules rules(ProtoFields in) {
    in.ignore(IgnoredInAccess.JWT_AUTHENTICATION);
    if (in.bool(6)) {
      throw in.reject("strip_failure_response", "is not supported");
    }
    Map<String, JwtProvider> providers = new LinkedHashMap<>();
    in.map(1, "providers").forEach((name, fields) -> providers.put(name, provider(fields)));
    Map<String, JwtRequirement> named = new LinkedHashMap<>();
    in.map(5, "requirement_map")
        .forEach((name, fields) -> named.put(name, requirement(fields, providers)));
    List<ProtoFields> rules = in.messages(2, "rules");
    if (rules.size() != 1) {
      throw in.reject("rules", "one rule for all requests is supported");
    }
    ProtoFields rule = rules.getFirst();
    ProtoFields match = rule.required(1, "match");
    if (!match.text(1).equals("/")) {
      throw match.reject("prefix", "only a rule for all requests is supported: /");
    }
    ProtoFields required = rule.message(2, "requires");
    JwtRequirement requirement =
        required == null ? named.get(rule.text(3)) : requirement(required, providers);
    if (requirement == null) {
      throw rule.reject("requires", "is missing, or names nothing of requirement_map");
    }
    return new JwtRules(providers, requirement, in.bool(4));
  }

  private static JwtRequirement requirement(ProtoFields in, Map<String, JwtProvider> providers) {
    if (in.has(1)) {
      String name = in.text(1);
      if (!providers.containsKey(name)) {
        throw in.reject("provider_name", "there is no provider " + name);
      }
      return new JwtRequirement.Of(name);
    }
    if (in.has(3)) {
      return new JwtRequirement.OneOf(
          in.required(3, "requires_any")
              .each(1, "requirements", each -> requirement(each, providers)));
    }
    if (in.has(4)) {
      return new JwtRequirement.AllOf(
          in.required(4, "requires_all")
              .each(1, "requirements", each -> requirement(each, providers)));
    }
    if (in.message(5, "allow_missing_or_failed") != null) {
      return new JwtRequirement.Anything();
    }
    if (in.message(6, "allow_missing") != null) {
      return new JwtRequirement.ValidIfThere();
    }
    throw in.reject("requires_type", "none that is supported is there");
  }

  private static JwtProvider provider(ProtoFields in) {
    in.ignore(IgnoredInAccess.JWT_PROVIDER);
    ProtoFields cache = in.message(12, "jwt_cache_config");
    if (cache != null) {
      cache.ignore(IgnoredInAccess.JWT_CACHE);
    }
    ProtoFields normal = in.message(18, "normalize_payload_in_metadata");
    int skew = in.integer(10);
    return new JwtProvider(
        in.text(1),
        in.texts(2),
        keys(in.required(4, "local_jwks")),
        in.bool(5),
        in.each(6, "from_headers", h -> new JwtProvider.FromHeader(lower(h.text(1)), h.text(2))),
        in.texts(7),
        in.texts(13),
        lower(in.text(8)),
        in.bool(11),
        in.text(9),
        normal == null ? List.of() : normal.texts(1),
        Duration.ofSeconds(skew == 0 ? SKEW_SECONDS : skew),
        in.each(
            15, "claim_to_headers", h -> new JwtProvider.ClaimHeader(h.text(2), lower(h.text(1)))));
  }

  private static String lower(String header) {
    return header.toLowerCase(Locale.ROOT);
  }

  private static List<JwtKey> keys(ProtoFields source) {
    String jwks =
        source.has(3) ? source.text(3) : new String(source.bytes(2), StandardCharsets.UTF_8);
    try {
      return JwtKey.set(jwks);
    } catch (IllegalArgumentException e) {
      throw source.reject("inline_string", "is no set of keys: " + e.getMessage());
    }
  }
}
