package dev.weft.explain;

import dev.weft.explain.RequestStory.Destination;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.RequestStory.Named;
import dev.weft.explain.RequestStory.Outcome;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.CorsPolicy;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.CleanPath;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.RouteOrigin;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What becomes of a request that reached a pipeline of HTTP. Confined to one telling. */
final class RouteTale {
  private static final String NO_FLAGS = "-";

  private final MeshSnapshot snapshot;
  private final Asked asked;
  private final RuntimeConfig config;
  private final Steps steps;
  private AskedRequest request;
  private String flags = "";

  /** What came of it. */
  record End(Outcome outcome, List<Destination> destinations) {
    static End of(Ending kind, int status, String flags, String text) {
      return new End(Steps.end(kind, status, flags, text), List.of());
    }
  }

  RouteTale(MeshSnapshot snapshot, Asked asked, RuntimeConfig config, Steps steps) {
    this.snapshot = snapshot;
    this.asked = asked;
    this.config = config;
    this.steps = steps;
    this.request = asked.request();
  }

  /**
   * Tells it.
   *
   * @param tls whether the caller's TLS ends at this proxy
   */
  End tell(HttpPipeline pipeline, boolean tls) {
    switch (CleanPath.of(request.path(), pipeline.paths())) {
      case CleanPath.Same same -> {}
      case CleanPath.Changed changed -> {
        steps.add(
            StepCode.CLEANED,
            "The path is routed as " + changed.target() + ".",
            "path",
            changed.target());
        request = request.withPath(changed.target());
      }
      case CleanPath.Redirected redirected -> {
        return End.of(
            Ending.ANSWERED, 307, NO_FLAGS, "307: ask for " + redirected.target() + " instead.");
      }
      case CleanPath.Refused refused -> {
        return End.of(Ending.ANSWERED, 400, NO_FLAGS, "400: " + refused.reason() + ".");
      }
    }
    RouteTable table = config.routesOf(pipeline);
    VirtualHost host = table == null ? null : table.virtualHost(request);
    if (table == null || host == null) {
      return End.of(
          Ending.NO_ROUTE,
          404,
          "NR",
          "404 NR: no virtual host has the name " + request.authority() + ".");
    }
    steps.add(
        StepCode.VIRTUAL_HOST,
        table.isByAddress(host, request)
            ? "No virtual host has the name "
                + request.authority()
                + ", and "
                + host.name()
                + " has the address that the connection goes to, "
                + request.destination()
                + "."
            : "Virtual host " + host.name() + " has the name " + request.authority() + ".",
        "name",
        host.name(),
        "domains",
        Places.some(host.domains()));
    Route route = table.match(host, request);
    if (route == null) {
      return End.of(
          Ending.NO_ROUTE,
          404,
          "NR",
          "404 NR: none of the "
              + host.routes().size()
              + " routes of "
              + host.name()
              + " takes the request.");
    }
    origin(table, host, route);
    if (host.requireTls() && !tls) {
      String to = "https://" + request.authority() + request.path();
      steps.add(StepCode.REDIRECT, "Plain requests are sent to HTTPS: " + to + ".", "location", to);
      return End.of(Ending.REDIRECTED, 301, NO_FLAGS, "301 to " + to + ".");
    }
    Optional<End> answered = filters(pipeline, route);
    return answered.isPresent() ? answered.get() : act(route);
  }

  /** Whether requests go where they were meant to, and not where a Sidecar sends them. */
  private static boolean letThrough(Route route) {
    return !(route.action() instanceof RouteAction.Forward forward)
        || forward
            .clusters()
            .equals(new ClusterChoice.Single(ClusterName.Special.PASSTHROUGH.format()));
  }

  private void origin(RouteTable table, VirtualHost host, Route route) {
    int at = host.routes().indexOf(route);
    Optional<RouteOrigin> origin =
        RouteOrigin.of(snapshot, asked.client().node(), table.name(), host.name(), at);
    if (origin.isEmpty()) {
      steps.add(
          StepCode.DEFAULT_ROUTE,
          switch (route.name()) {
            case "allow_any" ->
                "No service has the name; such requests are "
                    + (letThrough(route) ? "let through" : "sent to another proxy")
                    + " (outboundTrafficPolicy ALLOW_ANY).";
            case "block_all" ->
                "No service has the name; such requests are not let through"
                    + " (outboundTrafficPolicy REGISTRY_ONLY).";
            default ->
                "No VirtualService has routes for it: every request takes the default route.";
          },
          "route",
          route.name());
      return;
    }
    RouteOrigin from = origin.get();
    steps.add(
        StepCode.ROUTE,
        Named.of(from.object()),
        from.object()
            + ", HTTP route "
            + (from.http() + 1)
            + (route.name().isEmpty() ? "" : " (" + route.name() + ")")
            + (from.root().equals(from.object()) ? "" : ", to which " + from.root() + " delegates")
            + (from.match() < 0
                ? ", which takes every request"
                : ", match " + (from.match() + 1) + " of it")
            + (at == 0
                ? "."
                : "; " + at + " before it " + (at == 1 ? "does" : "do") + " not match."),
        "route",
        from.http(),
        "match",
        from.match(),
        "name",
        route.name(),
        "passed",
        at);
  }

  /** Steps before the route's action; an end where one of them answers. */
  private Optional<End> filters(HttpPipeline pipeline, Route route) {
    CorsPolicy cors =
        pipeline.filters().contains(new HttpFilter.Cors()) ? route.policy(CorsPolicy.class) : null;
    if (cors != null) {
      boolean answers = cors.answers(request);
      steps.add(
          StepCode.CORS,
          answers
              ? "It is a preflight of a cross-origin request, which the proxy answers."
              : "Cross-origin rules of the route add headers to the answer.");
      if (answers) {
        return Optional.of(End.of(Ending.ANSWERED, 200, NO_FLAGS, "200: a preflight."));
      }
    }
    FaultPolicy fault =
        pipeline.filters().contains(new HttpFilter.Fault())
            ? route.policy(FaultPolicy.class)
            : null;
    return fault == null ? Optional.empty() : fault(fault);
  }

  private Optional<End> fault(FaultPolicy fault) {
    FaultPolicy.Delay delay = fault.delay();
    if (delay != null && delay.fraction().partsPerMillion() > 0) {
      steps.add(
          StepCode.DELAY,
          percent(delay.fraction()) + " wait " + delay.duration().toMillis() + " ms.",
          "percent",
          delay.fraction().partsPerMillion() / 10_000.0,
          "millis",
          delay.duration().toMillis());
      flags = delay.fraction().equals(Fraction.ALL) ? "DI" : "";
    }
    FaultPolicy.Abort abort = fault.abort();
    if (abort == null || abort.fraction().partsPerMillion() == 0) {
      return Optional.empty();
    }
    steps.add(
        StepCode.ABORT,
        percent(abort.fraction()) + " are answered with " + abort.httpStatus() + " on purpose.",
        "percent",
        abort.fraction().partsPerMillion() / 10_000.0,
        "status",
        abort.httpStatus());
    return abort.fraction().equals(Fraction.ALL)
        ? Optional.of(
            End.of(
                Ending.ANSWERED,
                abort.httpStatus(),
                flags.isEmpty() ? "FI" : flags + ",FI",
                abort.httpStatus() + " FI: an injected fault."))
        : Optional.empty();
  }

  private static String percent(Fraction fraction) {
    return fraction.equals(Fraction.ALL)
        ? "All requests"
        : fraction.partsPerMillion() / 10_000.0 + " % of the requests";
  }

  private End act(Route route) {
    return switch (route.action()) {
      case RouteAction.DirectResponse direct -> {
        steps.add(
            StepCode.DIRECT_RESPONSE,
            "The route answers with " + direct.status() + " itself.",
            "status",
            direct.status());
        yield End.of(
            route.name().equals("block_all") ? Ending.DENIED : Ending.ANSWERED,
            direct.status(),
            marked(NO_FLAGS),
            direct.status() + ": the route's own answer.");
      }
      case RouteAction.Redirect redirect -> {
        String to = redirect.location(request);
        steps.add(StepCode.REDIRECT, "The route redirects to " + to + ".", "location", to);
        yield End.of(
            Ending.REDIRECTED,
            redirect.status(),
            marked(NO_FLAGS),
            redirect.status() + " to " + to + ".");
      }
      case RouteAction.Forward forward -> {
        changes(route, forward);
        yield clusters(forward.clusters());
      }
    };
  }

  private void changes(Route route, RouteAction.Forward to) {
    if (!route.request().isEmpty() || !route.response().isEmpty()) {
      steps.add(
          StepCode.HEADERS,
          "The route changes headers: "
              + route.request().edits().size()
              + " set and "
              + route.request().remove().size()
              + " removed on the request, "
              + route.response().edits().size()
              + " and "
              + route.response().remove().size()
              + " on the answer.");
    }
    if (!(to.path() instanceof PathRewrite.Keep)) {
      String path = to.path().apply(request.path()).toString();
      steps.add(StepCode.REWRITE_PATH, "The path becomes " + path + ".", "path", path);
      request = request.withPath(path);
    }
    if (to.host() instanceof HostRewrite.Literal literal) {
      steps.add(
          StepCode.REWRITE_HOST,
          "The host becomes " + literal.authority() + ".",
          "host",
          literal.authority());
      request = request.withAuthority(literal.authority());
    }
    if (!to.timeout().isZero()) {
      steps.add(
          StepCode.TIMEOUT,
          "Without an answer after " + to.timeout().toMillis() + " ms it ends with 504 UT.",
          "millis",
          to.timeout().toMillis());
    }
    if (to.retry().retries() > 0) {
      String on = to.retry().on().stream().map(c -> c.text()).collect(Collectors.joining(", "));
      steps.add(
          StepCode.RETRIES,
          "A failed try is repeated, %d times at most, on %s.".formatted(to.retry().retries(), on),
          "attempts",
          to.retry().retries(),
          "on",
          on);
    }
    for (RouteAction.Mirror mirror : to.mirrors()) {
      steps.add(
          StepCode.MIRROR,
          percent(mirror.fraction()) + " are copied to " + mirror.cluster() + ".",
          "cluster",
          mirror.cluster(),
          "percent",
          mirror.fraction().partsPerMillion() / 10_000.0);
    }
  }

  /** What becomes of it at the clusters that a route or a connection goes to. */
  End clusters(ClusterChoice choice) {
    ClusterTale tale = new ClusterTale(snapshot, asked, config, steps, request);
    List<ClusterTale.End> ends = new ArrayList<>();
    switch (choice) {
      case ClusterChoice.Single single -> ends.add(tale.tell(single.cluster(), 1));
      case ClusterChoice.ByHeader byHeader ->
          ends.add(tale.tell(request.headers().getOrDefault(byHeader.header(), ""), 1));
      case ClusterChoice.Weighted weighted -> {
        if (weighted.total() <= 0) {
          ends.add(tale.tell("", 1));
          break;
        }
        steps.add(
            StepCode.WEIGHTS,
            "By weight: "
                + weighted.clusters().stream()
                    .map(c -> c.weight() * 100 / weighted.total() + " % " + c.cluster())
                    .collect(Collectors.joining(", "))
                + ".",
            "total",
            weighted.total());
        for (ClusterChoice.WeightedCluster each : weighted.clusters()) {
          ends.add(tale.tell(each.cluster(), (double) each.weight() / weighted.total()));
        }
      }
    }
    // What becomes of the largest share is the end; where some are sent on, it is that.
    ClusterTale.End most =
        ends.stream()
            .filter(e -> e.outcome().kind() == Ending.FORWARDED)
            .findFirst()
            .orElse(ends.getFirst());
    Outcome outcome =
        ends.size() == 1
            ? most.outcome()
            : Steps.end(
                most.outcome().kind(),
                most.outcome().status(),
                most.outcome().flags(),
                ends.stream()
                    .map(
                        e ->
                            Math.round(e.destination().share() * 100) + " %: " + e.outcome().text())
                    .collect(Collectors.joining(" ")));
    return new End(
        Steps.end(outcome.kind(), outcome.status(), marked(outcome.flags()), outcome.text()),
        ends.stream().map(ClusterTale.End::destination).toList());
  }

  /** With the flag of a delay that every request has. */
  private String marked(String others) {
    return flags.isEmpty() ? others : others.equals(NO_FLAGS) ? flags : others + "," + flags;
  }
}
