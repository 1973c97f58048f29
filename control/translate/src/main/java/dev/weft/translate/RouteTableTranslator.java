package dev.weft.translate;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import dev.weft.config.EnvoyFilter.Action;
import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.translate.RouteTableInputs.Destination;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.xds.EncodedMessage;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP routes. Istio: pilot/pkg/networking/core/route/route.go. */
final class RouteTableTranslator {
  private static final int BAD_GATEWAY = 502;
  private static final int INTERNAL_ERROR = 500;

  /** Bytes; Envoy refuses longer direct responses where a table does not allow them. */
  private static final int USUAL_BODY = 4096;

  private static final List<String> ANY = List.of("*");

  private RouteTableTranslator() {}

  /** A route table, host by host. */
  static Assembly<Host> translate(RouteTableInputs in) {
    RouteConfiguration.Builder table =
        RouteConfiguration.newBuilder()
            .setName(in.name())
            .setValidateClusters(BoolValue.of(false))
            .setIgnorePortInHostMatching(true);
    if (in.onDemand()) {
      table.setVhds(
          Vhds.newBuilder()
              .setConfigSource(
                  ConfigSource.newBuilder()
                      .setAds(AggregatedConfigSource.getDefaultInstance())
                      .setResourceApiVersion(ApiVersion.V3)));
    }
    int longest = in.hosts().stream().mapToInt(RouteTableTranslator::longestBody).max().orElse(0);
    if (longest > USUAL_BODY) {
      table.setMaxDirectResponseBodySizeBytes(UInt32Value.of(longest));
    }
    RouteConfiguration.Builder last = RouteConfiguration.newBuilder();
    switch (in.fallback()) {
      case Fallback.Outbound outbound -> last.addVirtualHosts(fallback(outbound));
      case Fallback.None none -> {}
    }
    return new Assembly<>(table.build(), in.hosts(), last.build());
  }

  /** A virtual host as a field of a route table. */
  static ByteString field(Host host) {
    return EncodedMessage.field(RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER, virtualHost(host));
  }

  /** Bytes of the longest answer that the host gives by itself. */
  private static int longestBody(Host host) {
    return host.rules().stream().mapToInt(RouteTableTranslator::body).max().orElse(0);
  }

  private static int body(Rule rule) {
    return switch (rule) {
      case Rule.Plain plain -> 0;
      case Rule.Configured configured -> body(configured.rule());
      case Rule.Written written ->
          written.route().action() instanceof HttpAction.DirectResponse direct
              ? ByteString.copyFromUtf8(direct.body()).size()
              : 0;
    };
  }

  static VirtualHost virtualHost(Host host) {
    VirtualHost.Builder virtualHost =
        VirtualHost.newBuilder().setName(host.name()).addAllDomains(host.domains());
    if (host.tlsOnly()) {
      virtualHost.setRequireTls(VirtualHost.TlsRequirementType.ALL);
    }
    host.rules().forEach(rule -> virtualHost.addRoutes(route(rule)));
    host.configs().apply(virtualHost);
    return virtualHost.build();
  }

  /**
   * The only route of a port of the workload.
   *
   * @param patches what filters are configured with, there or elsewhere
   */
  static RouteConfiguration inbound(
      String name, String host, String cluster, String operation, List<RoutePatch> patches) {
    Route.Builder route =
        Route.newBuilder()
            .setName(Rule.Plain.NAME)
            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
            .setRoute(unlimited().setCluster(cluster));
    if (!operation.isEmpty()) {
      route.setDecorator(Decorator.newBuilder().setOperation(operation));
    }
    List<RoutePatch> here = RoutePatch.of(patches, name);
    RoutePatch.ofRoute(here, host, ANY, Rule.Plain.NAME, Action.ROUTE).apply(route);
    VirtualHost.Builder all =
        VirtualHost.newBuilder().setName(host).addAllDomains(ANY).addRoutes(route);
    RoutePatch.ofHost(here, host, ANY).apply(all);
    return RouteConfiguration.newBuilder()
        .setName(name)
        .setValidateClusters(BoolValue.of(false))
        .addVirtualHosts(all)
        .build();
  }

  private static VirtualHost fallback(Fallback.Outbound fallback) {
    Route.Builder route =
        Route.newBuilder()
            .setName(fallback.name())
            .setMatch(RouteMatch.newBuilder().setPrefix("/"));
    switch (fallback.elsewhere()) {
      case Elsewhere.Forwarded forwarded ->
          route.setRoute(unlimited().setCluster(forwarded.to().format()));
      case Elsewhere.Refused refused ->
          route.setDirectResponse(DirectResponseAction.newBuilder().setStatus(BAD_GATEWAY));
    }
    fallback.ofRoute().apply(route);
    VirtualHost.Builder host =
        VirtualHost.newBuilder().setName(fallback.name()).addAllDomains(ANY).addRoutes(route);
    fallback.ofHost().apply(host);
    return host.build();
  }

  private static Route route(Rule rule) {
    return switch (rule) {
      case Rule.Plain plain -> plain(plain);
      case Rule.Configured configured -> {
        Route.Builder route = route(configured.rule()).toBuilder();
        configured.configs().apply(route);
        yield route.build();
      }
      case Rule.Written written -> {
        try {
          yield written(written);
        } catch (IllegalArgumentException e) {
          yield unmade(written, String.valueOf(e.getMessage()));
        }
      }
    };
  }

  /**
   * In the place of a route that holds what no proxy takes, and that got past those who look when
   * an object is applied: its requests get an answer that says so, and all other routes of the
   * table are served.
   */
  private static Route unmade(Rule.Written rule, String reason) {
    return Route.newBuilder()
        .setName(rule.name())
        .setMatch(RouteMatches.of(rule.match()))
        .setDirectResponse(
            DirectResponseAction.newBuilder()
                .setStatus(INTERNAL_ERROR)
                .setBody(
                    DataSource.newBuilder()
                        .setInlineString(
                            "a route of " + rule.source() + " cannot be served: " + reason + "\n")))
        .build();
  }

  private static Route plain(Rule.Plain rule) {
    RouteAction.Builder action = unlimited().setCluster(rule.cluster());
    RetryPolicies.of(rule.retries(), rule.hash()).ifPresent(action::setRetryPolicy);
    hash(action, rule.hash());
    return Route.newBuilder()
        .setName(Rule.Plain.NAME)
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRoute(action)
        .setDecorator(Decorator.newBuilder().setOperation(rule.operation()))
        .build();
  }

  private static Route written(Rule.Written rule) {
    HttpRoute source = rule.route();
    Route.Builder route =
        Route.newBuilder()
            .setName(rule.name())
            .setMatch(RouteMatches.of(rule.match()))
            .setMetadata(
                Metadata.newBuilder()
                    .putFilterMetadata("istio", Structs.of(Map.of("config", rule.source()))));
    if (source.action() instanceof HttpAction.Forward && rule.destinations().size() == 1) {
      // First, as those of one among several would be.
      RouteHeaders.route(route, rule.destinations().getFirst().headers());
    }
    RouteHeaders.route(route, source.headers());
    switch (source.action()) {
      case HttpAction.Forward forward ->
          route
              .setRoute(forward(rule, source))
              .setDecorator(Decorator.newBuilder().setOperation(rule.operation()));
      case HttpAction.Redirect redirect -> route.setRedirect(redirect(redirect));
      case HttpAction.DirectResponse direct ->
          route.setDirectResponse(
              DirectResponseAction.newBuilder()
                  .setStatus(direct.status())
                  .setBody(DataSource.newBuilder().setInlineString(direct.body())));
      case HttpAction.Delegate delegate ->
          throw new IllegalArgumentException(
              "the routes of " + delegate.name() + " are not in the place of their delegate");
    }
    RouteFilters.apply(route, source);
    return route.build();
  }

  private static RouteAction forward(Rule.Written rule, HttpRoute source) {
    RouteAction.Builder action =
        source.timeout() == null
            ? unlimited()
            : RouteAction.newBuilder().setTimeout(Durations.of(source.timeout()));
    List<Destination> destinations = rule.destinations();
    @Nullable HashKey hash =
        destinations.stream()
            .map(Destination::hash)
            .filter(java.util.Objects::nonNull)
            .findFirst()
            .orElse(null);
    RetryPolicies.of(rule.retries(), hash).ifPresent(action::setRetryPolicy);
    if (destinations.size() == 1) {
      action.setCluster(destinations.getFirst().cluster());
    } else {
      WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
      for (Destination destination : destinations) {
        WeightedCluster.ClusterWeight.Builder cluster =
            WeightedCluster.ClusterWeight.newBuilder()
                .setName(destination.cluster())
                .setWeight(UInt32Value.of(destination.weight()));
        RouteHeaders.cluster(cluster, destination.headers());
        weighted.addClusters(cluster);
      }
      action.setWeightedClusters(weighted);
    }
    hash(action, hash);
    rewrite(action, source, destinations);
    for (RouteTableInputs.Mirror mirror : rule.mirrors()) {
      action.addRequestMirrorPolicies(
          RouteAction.RequestMirrorPolicy.newBuilder()
              .setCluster(mirror.cluster())
              .setRuntimeFraction(RouteFilters.runtimeFraction(mirror.percentage())));
    }
    return action.build();
  }

  private static void rewrite(
      RouteAction.Builder action, HttpRoute source, List<Destination> destinations) {
    dev.weft.config.VirtualService.@Nullable Rewrite rewrite = source.rewrite();
    String authority =
        rewrite == null || rewrite.authority().isEmpty()
            ? RouteHeaders.authority(source.headers())
            : rewrite.authority();
    if (authority.isEmpty() && destinations.size() == 1) {
      authority = RouteHeaders.authority(destinations.getFirst().headers());
    }
    if (!authority.isEmpty()) {
      action.setHostRewriteLiteral(authority);
    }
    if (rewrite == null) {
      return;
    }
    if (!rewrite.regexMatch().isEmpty()) {
      action.setRegexRewrite(
          RegexMatchAndSubstitute.newBuilder()
              .setPattern(RegexMatcher.newBuilder().setRegex(rewrite.regexMatch()))
              .setSubstitution(rewrite.regexRewrite()));
    } else if (!rewrite.uri().isEmpty()) {
      action.setPrefixRewrite(rewrite.uri());
    }
  }

  private static RedirectAction redirect(HttpAction.Redirect in) {
    RedirectAction.Builder redirect =
        RedirectAction.newBuilder()
            .setHostRedirect(in.authority())
            .setResponseCode(
                switch (in.code()) {
                  case 302 -> RedirectAction.RedirectResponseCode.FOUND;
                  case 303 -> RedirectAction.RedirectResponseCode.SEE_OTHER;
                  case 307 -> RedirectAction.RedirectResponseCode.TEMPORARY_REDIRECT;
                  case 308 -> RedirectAction.RedirectResponseCode.PERMANENT_REDIRECT;
                  default -> RedirectAction.RedirectResponseCode.MOVED_PERMANENTLY;
                });
    if (!in.uri().isEmpty()) {
      redirect.setPathRedirect(in.uri());
    } else if (!in.prefix().isEmpty()) {
      redirect.setPrefixRewrite(in.prefix());
    }
    if (!in.scheme().isEmpty()) {
      redirect.setSchemeRedirect(in.scheme());
    }
    if (in.port() != 0) {
      redirect.setPortRedirect(in.port());
    }
    return redirect.build();
  }

  /** Without Envoy's 15 seconds; gRPC clients may send a timeout of their own. */
  private static RouteAction.Builder unlimited() {
    RouteAction.Builder action = RouteAction.newBuilder().setTimeout(Durations.ZERO);
    action
        .getMaxStreamDurationBuilder()
        .setMaxStreamDuration(Durations.ZERO)
        .setGrpcTimeoutHeaderMax(Durations.ZERO);
    return action;
  }

  private static void hash(RouteAction.Builder action, @Nullable HashKey key) {
    if (key == null) {
      return;
    }
    RouteAction.HashPolicy.Builder policy = RouteAction.HashPolicy.newBuilder();
    switch (key) {
      case HashKey.Header header ->
          policy.setHeader(RouteAction.HashPolicy.Header.newBuilder().setHeaderName(header.name()));
      case HashKey.Cookie cookie -> {
        RouteAction.HashPolicy.Cookie.Builder result =
            RouteAction.HashPolicy.Cookie.newBuilder()
                .setName(cookie.name())
                .setPath(cookie.path());
        if (cookie.ttl() != null) {
          result.setTtl(Durations.of(cookie.ttl()));
        }
        policy.setCookie(result);
      }
      case HashKey.SourceIp sourceIp ->
          policy.setConnectionProperties(
              RouteAction.HashPolicy.ConnectionProperties.newBuilder().setSourceIp(true));
      case HashKey.QueryParameter query ->
          policy.setQueryParameter(
              RouteAction.HashPolicy.QueryParameter.newBuilder().setName(query.name()));
    }
    action.addHashPolicy(policy);
  }
}
