package dev.weft.access;

import dev.weft.access.JwtProvider.ClaimHeader;
import dev.weft.routing.RequestView;
import dev.weft.types.HeaderText;
import dev.weft.types.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verification of one request's tokens. Envoy: source/extensions/filters/http/jwt_authn.
 * Confined to one decision.
 */
final class JwtVerification {
  private final JwtRules rules;
  private final RequestView request;
  private final Instant now;
  private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
  private final Set<String> removed;
  private final Map<String, String> added = new LinkedHashMap<>();
  private @Nullable String target;

  JwtVerification(JwtRules rules, RequestView request, Instant now) {
    this.rules = rules;
    this.request = request;
    this.now = now;
    this.removed = rules.ours();
  }

  JwtDecision.Passed passed() {
    return new JwtDecision.Passed(new Claims(claims), removed, added, target);
  }

  JwtStatus verify(JwtRequirement requirement) {
    return switch (requirement) {
      case JwtRequirement.Of of -> of(rules.providers().get(of.provider()));
      case JwtRequirement.OneOf one -> oneOf(one.requirements());
      case JwtRequirement.AllOf all -> allOf(all.requirements());
      case JwtRequirement.ValidIfThere valid -> ifThere();
      case JwtRequirement.Anything anything -> {
        JwtStatus unused = ifThere();
        yield JwtStatus.OK;
      }
    };
  }

  private JwtStatus allOf(List<JwtRequirement> requirements) {
    for (JwtRequirement each : requirements) {
      JwtStatus status = verify(each);
      if (status != JwtStatus.OK) {
        return status;
      }
    }
    return JwtStatus.OK;
  }

  /** Of several failures, that one is told which says most. */
  private JwtStatus oneOf(List<JwtRequirement> requirements) {
    JwtStatus told = JwtStatus.MISSED;
    for (JwtRequirement each : requirements) {
      JwtStatus status = verify(each);
      if (status == JwtStatus.OK) {
        return status;
      }
      boolean vague = status == JwtStatus.MISSED || status == JwtStatus.UNKNOWN_ISSUER;
      if (!vague || told == JwtStatus.MISSED) {
        told = status;
      }
    }
    return told;
  }

  private JwtStatus of(@Nullable JwtProvider provider) {
    if (provider == null) {
      return JwtStatus.MISSED;
    }
    List<FoundToken> tokens = FoundToken.all(provider, request);
    if (tokens.isEmpty()) {
      return JwtStatus.MISSED;
    }
    Map<FoundToken, Jwt> verified = new LinkedHashMap<>();
    for (FoundToken token : tokens) {
      try {
        Jwt jwt = Jwt.parse(token.text());
        JwtStatus status = check(provider, jwt);
        if (status != JwtStatus.OK) {
          return status;
        }
        verified.put(token, jwt);
      } catch (BadTokenException e) {
        return e.status();
      }
    }
    verified.forEach((token, jwt) -> take(provider, token, jwt));
    return JwtStatus.OK;
  }

  /** All tokens that are there, wherever a provider looks for them. */
  private JwtStatus ifThere() {
    for (JwtProvider place : rules.providers().values()) {
      for (FoundToken token : FoundToken.all(place, request)) {
        try {
          Jwt jwt = Jwt.parse(token.text());
          JwtProvider provider = byIssuer(jwt.issuer());
          JwtStatus status =
              provider == null || !FoundToken.all(provider, request).contains(token)
                  ? JwtStatus.UNKNOWN_ISSUER
                  : check(provider, jwt);
          if (status != JwtStatus.OK || provider == null) {
            return status;
          }
          take(provider, token, jwt);
        } catch (BadTokenException e) {
          return e.status();
        }
      }
    }
    return JwtStatus.OK;
  }

  private @Nullable JwtProvider byIssuer(String issuer) {
    JwtProvider any = null;
    for (JwtProvider provider : rules.providers().values()) {
      if (!provider.issuer().isEmpty() && provider.issuer().equals(issuer)) {
        return provider;
      }
      any = provider.issuer().isEmpty() && any == null ? provider : any;
    }
    return any;
  }

  private JwtStatus check(JwtProvider provider, Jwt jwt) {
    if (!provider.issuer().isEmpty() && !provider.issuer().equals(jwt.issuer())) {
      return JwtStatus.UNKNOWN_ISSUER;
    }
    long skew = provider.skew().toSeconds();
    if (jwt.notBefore() > 0 && jwt.notBefore() > now.getEpochSecond() + skew) {
      return JwtStatus.NOT_YET_VALID;
    }
    if (jwt.expires() > 0 && now.getEpochSecond() > jwt.expires() + skew) {
      return JwtStatus.EXPIRED;
    }
    if (!provider.audiences().isEmpty()
        && jwt.audiences().stream().noneMatch(a -> allowed(provider, a))) {
      return JwtStatus.AUDIENCE_NOT_ALLOWED;
    }
    if (provider.keys().isEmpty()) {
      return JwtStatus.NO_VALID_KEYS;
    }
    JwtStatus status = JwtStatus.NO_MATCHING_KEY;
    for (JwtKey key : provider.keys()) {
      boolean named = jwt.kid().isEmpty() || key.kid().isEmpty() || jwt.kid().equals(key.kid());
      if (named && JwtAlgorithm.fits(jwt.alg(), key)) {
        if (JwtAlgorithm.verifies(jwt, key.key())) {
          return JwtStatus.OK;
        }
        status = JwtStatus.VERIFICATION_FAILS;
      }
    }
    return status;
  }

  /** Audiences are compared without a scheme and a slash at the end. Envoy: CheckAudience. */
  private static boolean allowed(JwtProvider provider, String audience) {
    return provider.audiences().stream().anyMatch(a -> bare(a).equals(bare(audience)));
  }

  private static String bare(String audience) {
    String text = audience.endsWith("/") ? audience.substring(0, audience.length() - 1) : audience;
    return text.replaceFirst("^https?://", "");
  }

  private void take(JwtProvider provider, FoundToken token, Jwt jwt) {
    if (!provider.payloadKey().isEmpty()) {
      claims.put(provider.payloadKey(), listed(jwt.payload(), provider.lists()));
    }
    if (!provider.payloadHeader().isEmpty()) {
      String text = jwt.payloadText();
      added.put(
          provider.payloadHeader(),
          provider.padPayload() ? text + "=".repeat((4 - text.length() % 4) % 4) : text);
    }
    for (ClaimHeader claim : provider.claimHeaders()) {
      Object value = new Claims(jwt.payload()).at(Arrays.asList(claim.claim().split("\\.")));
      if (value != null) {
        added.put(claim.header(), text(value));
      }
    }
    if (!provider.forward()) {
      switch (token.place()) {
        case HEADER -> removed.add(token.name());
        case PARAMETER -> {
          String before = target;
          target =
              FoundToken.without(before == null ? request.path().toString() : before, token.name());
        }
        // An application reads its cookies as a whole.
        case COOKIE -> {}
      }
    }
  }

  private static Map<String, @Nullable Object> listed(
      Map<String, @Nullable Object> payload, List<String> lists) {
    Map<String, @Nullable Object> normal = new LinkedHashMap<>(payload);
    for (String name : lists) {
      if (normal.get(name) instanceof String text) {
        List<String> parts = new ArrayList<>(List.of(text.split(" ")));
        parts.removeIf(String::isEmpty);
        normal.put(name, parts);
      }
    }
    return normal;
  }

  private static String text(Object value) {
    return switch (value) {
      // A line end in it would begin a header of its own.
      case String text when HeaderText.isValue(text) -> text;
      case String text -> encoded(text);
      case Map<?, ?> map -> encoded(map);
      case List<?> list -> encoded(list);
      default -> Json.write(value);
    };
  }

  private static String encoded(Object value) {
    return Base64.getEncoder().encodeToString(Json.write(value).getBytes(StandardCharsets.UTF_8));
  }
}
