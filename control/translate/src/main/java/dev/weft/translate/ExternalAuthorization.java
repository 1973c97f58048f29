package dev.weft.translate;

import com.google.protobuf.Duration;
import dev.weft.config.ExternalAuthorizer;
import dev.weft.xds.ClusterName;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationRequest;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import java.util.List;
import java.util.Map;

/**
 * The filter that asks an external authorizer about the requests that the rules before it have
 * chosen: those note the policy that matched. Istio: pilot/pkg/security/authz/builder/extauthz.go.
 */
final class ExternalAuthorization {
  /** How the names of policies begin that ask somebody. */
  static final String POLICY = "istio-ext-authz";

  /** Of what the rules note. */
  static final String SHADOW_PREFIX = "istio_ext_authz_";

  private ExternalAuthorization() {}

  static HttpFilter filter(ExternalAuthorizer asked) {
    ExtAuthz.Builder filter =
        ExtAuthz.newBuilder()
            .setFailureModeAllow(asked.failOpen())
            .setClearRouteCache(asked.reroutes())
            .setTransportApiVersion(ApiVersion.V3)
            .setFilterEnabledMetadata(chosen());
    if (asked.statusOnError() != 0) {
      filter.setStatusOnError(HttpStatus.newBuilder().setCodeValue(asked.statusOnError()));
    }
    ExternalAuthorizer.Body body = asked.body();
    if (body != null) {
      filter.setWithRequestBody(
          BufferSettings.newBuilder()
              .setMaxRequestBytes(body.most())
              .setAllowPartialMessage(body.partial())
              .setPackAsBytes(body.raw()));
    }
    switch (asked.protocol()) {
      case ExternalAuthorizer.Http http -> http(filter, asked, http);
      case ExternalAuthorizer.Grpc grpc ->
          filter.setGrpcService(
              GrpcService.newBuilder()
                  .setEnvoyGrpc(
                      GrpcService.EnvoyGrpc.newBuilder()
                          .setClusterName(cluster(asked))
                          // An authority has no bars.
                          .setAuthority(cluster(asked).replace("|", "_.")))
                  .setTimeout(timeout(asked)));
    }
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.ext_authz")
        .setTypedConfig(DeterministicBytes.pack(filter.build()))
        .build();
  }

  private static void http(
      ExtAuthz.Builder filter, ExternalAuthorizer asked, ExternalAuthorizer.Http http) {
    HttpService.Builder service =
        HttpService.newBuilder()
            .setPathPrefix(http.pathPrefix())
            .setServerUri(
                HttpUri.newBuilder()
                    .setUri("http://" + asked.host())
                    .setCluster(cluster(asked))
                    .setTimeout(timeout(asked)));
    if (!http.told().isEmpty()) {
      filter.setAllowedHeaders(headers(http.told()));
    }
    if (!http.added().isEmpty()) {
      AuthorizationRequest.Builder request = AuthorizationRequest.newBuilder();
      http.added().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              header ->
                  request.addHeadersToAdd(
                      HeaderValue.newBuilder()
                          .setKey(header.getKey())
                          .setValue(header.getValue())));
      service.setAuthorizationRequest(request);
    }
    AuthorizationResponse.Builder response = AuthorizationResponse.newBuilder();
    if (!http.toUpstream().isEmpty()) {
      response.setAllowedUpstreamHeaders(headers(http.toUpstream()));
    }
    if (!http.onDenial().isEmpty()) {
      response.setAllowedClientHeaders(headers(http.onDenial()));
    }
    if (!http.onSuccess().isEmpty()) {
      response.setAllowedClientHeadersOnSuccess(headers(http.onSuccess()));
    }
    if (!response.build().equals(AuthorizationResponse.getDefaultInstance())) {
      service.setAuthorizationResponse(response);
    }
    filter.setHttpService(service);
  }

  private static String cluster(ExternalAuthorizer asked) {
    return new ClusterName.Outbound(asked.port(), "", asked.host()).format();
  }

  private static Duration timeout(ExternalAuthorizer asked) {
    return Durations.of(asked.timeout());
  }

  private static ListStringMatcher headers(List<String> written) {
    ListStringMatcher.Builder list = ListStringMatcher.newBuilder();
    for (String name : written) {
      StringMatcher.Builder match = StringMatcher.newBuilder().setIgnoreCase(true);
      if (name.equals("*")) {
        match.clearIgnoreCase().setSafeRegex(RegexMatcher.newBuilder().setRegex(".+"));
      } else if (name.endsWith("*")) {
        match.setPrefix(name.substring(0, name.length() - 1));
      } else if (name.startsWith("*")) {
        match.setSuffix(name.substring(1));
      } else {
        match.setExact(name);
      }
      list.addPatterns(match);
    }
    return list.build();
  }

  private static MetadataMatcher chosen() {
    return MetadataMatcher.newBuilder()
        .setFilter("envoy.filters.http.rbac")
        .addPath(
            MetadataMatcher.PathSegment.newBuilder()
                .setKey(SHADOW_PREFIX + "shadow_effective_policy_id"))
        .setValue(
            ValueMatcher.newBuilder().setStringMatch(StringMatcher.newBuilder().setPrefix(POLICY)))
        .build();
  }
}
