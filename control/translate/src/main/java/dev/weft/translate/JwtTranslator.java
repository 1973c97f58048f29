package dev.weft.translate;

import com.google.protobuf.Empty;
import dev.weft.config.RequestAuthentication.JwtRule;
import dev.weft.config.RequestAuthentication.KeySource;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementAndList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The filter that verifies tokens: a request without one passes, one with a token that is not valid
 * does not. Istio: pilot/pkg/security/authn/policy_applier.go.
 */
final class JwtTranslator {
  /** A point whose coordinates come from a hash: nobody can sign for it. */
  private static final String NOBODYS_KEY =
      "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"keys-not-known\","
          + "\"x\":\"GbdCDZ2KoO2JbsfkJN8v2xp2LyO5RoaXx2HxAh8DcwY\",\"y\":\"86s4U6AS3EPKAHFb_gPCXC-59uF5VbLGIwAjkkOdzd4\"}]}";

  private JwtTranslator() {}

  /** Empty where no tokens are verified. */
  static List<HttpFilter> translate(JwtInputs in) {
    if (in.rules().isEmpty()) {
      return List.of();
    }
    JwtAuthentication.Builder filter = JwtAuthentication.newBuilder().setBypassCorsPreflight(true);
    List<JwtRequirement> providers = new ArrayList<>();
    List<JwtRequirement> orMissing = new ArrayList<>();
    for (int i = 0; i < in.rules().size(); i++) {
      String name = "origins-" + i;
      filter.putProviders(name, provider(in.rules().get(i), in.routed()));
      JwtRequirement required = JwtRequirement.newBuilder().setProviderName(name).build();
      providers.add(required);
      orMissing.add(any(List.of(required, missing())));
    }
    return List.of(
        HttpFilter.newBuilder()
            .setName(JwtClaims.FILTER)
            .setTypedConfig(
                DeterministicBytes.pack(
                    filter.addRules(rule(requirement(providers, orMissing))).build()))
            .build());
  }

  /**
   * One valid token is enough, wherever issuers look for theirs; without one, none of them may find
   * another.
   */
  private static JwtRequirement requirement(
      List<JwtRequirement> providers, List<JwtRequirement> orMissing) {
    if (orMissing.size() == 1) {
      return orMissing.getFirst();
    }
    List<JwtRequirement> one = new ArrayList<>(providers);
    one.add(
        JwtRequirement.newBuilder()
            .setRequiresAll(JwtRequirementAndList.newBuilder().addAllRequirements(orMissing))
            .build());
    return any(one);
  }

  private static JwtRequirement any(List<JwtRequirement> requirements) {
    return JwtRequirement.newBuilder()
        .setRequiresAny(JwtRequirementOrList.newBuilder().addAllRequirements(requirements))
        .build();
  }

  private static JwtRequirement missing() {
    return JwtRequirement.newBuilder().setAllowMissing(Empty.getDefaultInstance()).build();
  }

  private static RequirementRule rule(JwtRequirement requirement) {
    return RequirementRule.newBuilder()
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRequires(requirement)
        .build();
  }

  private static JwtProvider provider(JwtRule rule, boolean routed) {
    TreeSet<String> lists = new TreeSet<>(rule.spaceDelimitedClaims());
    lists.addAll(List.of("permission", "scope"));
    JwtProvider.Builder provider =
        JwtProvider.newBuilder()
            .setIssuer(rule.issuer())
            .addAllAudiences(rule.audiences())
            .setLocalJwks(DataSource.newBuilder().setInlineString(keys(rule.keys())))
            .setForward(rule.forward())
            .addAllFromParams(rule.params())
            .addAllFromCookies(rule.cookies())
            .setForwardPayloadHeader(rule.payloadHeader())
            .setPayloadInMetadata(JwtClaims.PAYLOAD)
            .setNormalizePayloadInMetadata(
                JwtProvider.NormalizePayload.newBuilder().addAllSpaceDelimitedClaims(lists))
            .setClearRouteCache(routed);
    rule.headers()
        .forEach(
            h ->
                provider.addFromHeaders(
                    JwtHeader.newBuilder().setName(h.name()).setValuePrefix(h.prefix())));
    rule.claimHeaders()
        .forEach(
            h ->
                provider.addClaimToHeaders(
                    JwtClaimToHeader.newBuilder()
                        .setClaimName(h.claim())
                        .setHeaderName(h.header())));
    return provider.build();
  }

  private static String keys(KeySource source) {
    return switch (source) {
      case KeySource.Inline inline -> inline.jwks();
      // Tokens are refused until the keys are known.
      case KeySource.Remote remote -> NOBODYS_KEY;
      case KeySource.Discovered discovered -> NOBODYS_KEY;
    };
  }
}
