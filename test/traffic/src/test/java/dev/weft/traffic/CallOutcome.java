package dev.weft.traffic;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.exchange.Filter;
import dev.weft.exchange.Filters;
import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.RulesFilter;
import dev.weft.exchange.Step;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.Endpoint;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.CleanPath;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.xds.ListenerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy makes of a call, decision by decision: its listener, filter chain, route and filters
 * are found by the code that does so for the proxy. Confined to one call.
 */
final class CallOutcome {
  private final RuntimeConfig config;
  private final ProxyNode node;
  private final GoldenCall call;
  private final Map<String, Object> out = new LinkedHashMap<>();

  private CallOutcome(RuntimeConfig config, ProxyNode node, GoldenCall call) {
    this.config = config;
    this.node = node;
    this.call = call;
  }

  /** In the words of {@code calls.yaml}; what is not the case is left out. */
  static Map<String, Object> of(RuntimeConfig config, ProxyNode node, GoldenCall call) {
    CallOutcome outcome = new CallOutcome(config, node, call);
    outcome.connect();
    return outcome.out;
  }

  private void connect() {
    boolean own = node.role() == ProxyRole.ROUTER || isOwn(call.address());
    Listener bound = own ? bound() : null;
    Listener listener = bound == null ? captured() : bound;
    if (listener == null) {
      out.put("closed", "nobody listens");
      return;
    }
    out.put("listener", listener.name());
    int port = call.destinationPort();
    FilterChain chain =
        listener.chainFor(
            call.connection(
                listener.filters().tls().appliesTo(port),
                listener.filters().http().appliesTo(port),
                bound == null));
    if (chain == null) {
      closed("filter_chain_not_found", ResponseFlag.NR);
      return;
    }
    if (!chain.name().isEmpty()) {
      out.put("chain", chain.name());
    }
    if (!secured(chain.tls())) {
      return;
    }
    switch (chain.pipeline()) {
      case TcpPipeline tcp -> bytes(tcp);
      case HttpPipeline http -> request(http);
    }
  }

  private boolean isOwn(String address) {
    return node.ips().contains(address) || address.startsWith("127.");
  }

  /** A socket that the client reaches itself. */
  private @Nullable Listener bound() {
    for (Listener listener : config.listeners().values()) {
      if (listener.bindToPort() && !captures(listener)) {
        for (HostPort address : listener.addresses()) {
          if (address.port() == call.destinationPort()
              && (address.host().equals("0.0.0.0") || address.host().equals(call.address()))) {
            return listener;
          }
        }
      }
    }
    return null;
  }

  private static boolean captures(Listener listener) {
    return listener.name().equals(ListenerName.Capture.INBOUND.format())
        || listener.name().equals(ListenerName.Capture.OUTBOUND.format());
  }

  private @Nullable Listener captured() {
    if (node.role() == ProxyRole.ROUTER) {
      return null;
    }
    if (node.ips().contains(call.address())) {
      return config.listeners().get(ListenerName.Capture.INBOUND.format());
    }
    Listener found = config.captured().find(call.address(), call.destinationPort());
    return found == null ? config.listeners().get(ListenerName.Capture.OUTBOUND.format()) : found;
  }

  /** Whether the client and the chain agree about TLS. */
  private boolean secured(DownstreamTls tls) {
    if (!(tls instanceof DownstreamTls.Terminate terminate)) {
      return true;
    }
    out.put("certificate", terminate.certSecret());
    if (!call.speaksTls()) {
      out.put("closed", "no TLS");
      return false;
    }
    call.secured();
    if (terminate.requireClientCert() && call.peerNames().isEmpty()) {
      out.put("closed", "no certificate of the client");
      return false;
    }
    return true;
  }

  private void closed(String details, ResponseFlag flag) {
    out.put("closed", details);
    out.put("flags", flag.name());
  }

  private void bytes(TcpPipeline pipeline) {
    for (AccessFilter filter : pipeline.access()) {
      AccessDecision decision = RulesFilter.decide(filter, call.asBytes(), call.counter(), "tcp");
      if (!decision.allowed()) {
        out.put("closed", decision.details());
        return;
      }
    }
    clusters(pipeline.sniCluster() ? new ClusterChoice.Single(call.sni()) : pipeline.clusters());
    if (pipeline.bySource()) {
      out.put("hash", List.of("source address"));
    }
  }

  private void request(HttpPipeline pipeline) {
    if (!call.speaksHttp()) {
      closed("no HTTP", ResponseFlag.DPE);
      return;
    }
    if (call.speaksTls() && !call.overTls()) {
      closed("TLS where a request is expected", ResponseFlag.DPE);
      return;
    }
    call.arrives(pipeline.forwarded().useRemoteAddress());
    switch (CleanPath.of(call.path(), pipeline.paths())) {
      case CleanPath.Same same -> {}
      case CleanPath.Changed changed -> {
        out.put("cleaned", changed.target());
        call.target(changed.target());
      }
      case CleanPath.Redirected redirected -> {
        out.put("status", 307);
        out.put("location", redirected.target());
        return;
      }
      case CleanPath.Refused refused -> {
        out.put("status", 400);
        out.put("details", refused.reason());
        return;
      }
    }
    route(config.routesOf(pipeline));
    for (Filter filter : Filters.of(pipeline)) {
      if (!goesOn(pipeline, filter.head(call))) {
        return;
      }
    }
  }

  private void route(@Nullable RouteTable table) {
    VirtualHost host = table == null ? null : table.virtualHost(call);
    Route route = table == null || host == null ? null : table.match(host, call);
    call.routed(host, route);
    if (host != null) {
      out.put("virtualHost", host.name());
    }
    if (host != null && route != null) {
      int number = host.routes().indexOf(route) + 1;
      out.put(
          "route", route.name().isEmpty() ? Integer.toString(number) : number + " " + route.name());
    }
  }

  /** Whether the next filter is asked. */
  private boolean goesOn(HttpPipeline pipeline, Step step) {
    return switch (step) {
      case Step.GoOn on -> true;
      case Step.Edit edit -> {
        call.changed(edit.change());
        yield true;
      }
      case Step.Ask ask -> {
        out.put("asks", ask.call().cluster());
        yield true;
      }
      case Step.Hold hold -> {
        out.put("holds", hold.most());
        yield goesOn(pipeline, hold.next().apply(new Step.Held(new byte[0], true)));
      }
      case Step.Delay delay -> {
        out.put("waits", text(Duration.ofNanos(delay.nanos())));
        yield goesOn(pipeline, delay.then());
      }
      case Step.Reply reply -> {
        reply(reply);
        yield false;
      }
      case Step.Forward forward -> {
        forward(pipeline, forward.action());
        yield false;
      }
    };
  }

  private void reply(Step.Reply reply) {
    out.put("status", reply.status());
    out.put("details", reply.details());
    if (reply.flags() != 0) {
      out.put("flags", ResponseFlag.text(reply.flags()));
    }
    if (!reply.text().isEmpty()) {
      out.put("body", reply.text());
    }
    if (!reply.headers().isEmpty()) {
      out.put("answer", reply.headers());
    }
  }

  private void forward(HttpPipeline pipeline, RouteAction.Forward to) {
    clusters(to.clusters());
    if (!(to.path() instanceof PathRewrite.Keep)) {
      out.put("path", to.path().apply(call.path()).toString());
    }
    switch (to.host()) {
      case HostRewrite.Keep keep -> {}
      case HostRewrite.Literal literal -> out.put("authority", literal.authority());
      case HostRewrite.Upstream upstream -> out.put("authority", "of the endpoint");
      case HostRewrite.FromHeader header -> out.put("authority", "of header " + header.name());
    }
    if (!to.timeout().isZero()) {
      out.put("timeout", text(to.timeout()));
    }
    Duration idle = to.idleTimeout();
    if (idle != null) {
      out.put("idleTimeout", text(idle));
    }
    retries(to);
    list("mirrors", to.mirrors().stream().map(m -> share(m.fraction()) + m.cluster()).toList());
    list("hash", to.hash().stream().map(CallOutcome::text).toList());
    Route route = call.route();
    if (route != null) {
      list("request", edits(route.request()));
      list("response", edits(route.response()));
      FaultPolicy fault = route.policy(FaultPolicy.class);
      if (fault != null && pipeline.filters().contains(new HttpFilter.Fault())) {
        list("faults", faults(fault));
      }
    }
  }

  private void retries(RouteAction.Forward to) {
    if (to.retry().isUsual()) {
      return;
    }
    Map<String, Object> retries = new LinkedHashMap<>();
    retries.put("times", to.retry().retries());
    retries.put(
        "on",
        to.retry().on().stream().map(c -> c.text()).sorted().collect(Collectors.joining(",")));
    if (!to.retry().statusCodes().isEmpty()) {
      retries.put("status", to.retry().statusCodes());
    }
    if (!to.retry().perTryTimeout().isZero()) {
      retries.put("perTry", text(to.retry().perTryTimeout()));
    }
    if (to.retry().previousPriorities()) {
      retries.put("otherPlaces", true);
    }
    out.put("retries", retries);
  }

  private void list(String key, List<String> values) {
    if (!values.isEmpty()) {
      out.put(key, values);
    }
  }

  private static List<String> edits(HeaderEdits edits) {
    List<String> all = new ArrayList<>();
    edits.remove().forEach(name -> all.add("without " + name));
    for (HeaderEdits.Edit edit : edits.edits()) {
      String how =
          switch (edit.action()) {
            case APPEND_IF_EXISTS_OR_ADD -> "add ";
            case ADD_IF_ABSENT -> "default ";
            case OVERWRITE_IF_EXISTS_OR_ADD -> "set ";
            case OVERWRITE_IF_EXISTS -> "replace ";
          };
      all.add(how + edit.name() + ": " + edit.value());
    }
    return all;
  }

  private static List<String> faults(FaultPolicy fault) {
    List<String> all = new ArrayList<>();
    FaultPolicy.Delay delay = fault.delay();
    if (delay != null) {
      all.add(share(delay.fraction()) + "wait " + text(delay.duration()));
    }
    FaultPolicy.Abort abort = fault.abort();
    if (abort != null) {
      Integer grpc = abort.grpcStatus();
      all.add(
          share(abort.fraction())
              + (grpc == null ? "get " + abort.httpStatus() : "get gRPC status " + grpc));
    }
    return all;
  }

  private static String share(Fraction fraction) {
    return fraction.equals(Fraction.ALL) ? "" : fraction.partsPerMillion() / 10_000.0 + " % ";
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private static String text(RouteAction.HashSource source) {
    return switch (source) {
      case RouteAction.HashSource.Header header -> "header " + header.name();
      case RouteAction.HashSource.Cookie cookie -> "cookie " + cookie.name();
      case RouteAction.HashSource.SourceIp ip -> "source address";
      case RouteAction.HashSource.QueryParameter query -> "query parameter " + query.name();
    };
  }

  private void clusters(ClusterChoice choice) {
    switch (choice) {
      case ClusterChoice.Single single -> cluster(single.cluster());
      case ClusterChoice.ByHeader header -> {
        CharSequence named = call.header(header.header());
        cluster(named == null ? "" : named.toString());
      }
      case ClusterChoice.Weighted weighted -> {
        Map<String, Integer> weights = new LinkedHashMap<>();
        weighted.clusters().forEach(c -> weights.put(c.cluster(), c.weight()));
        out.put("clusters", weights);
        for (ClusterChoice.WeightedCluster share : weighted.clusters()) {
          list("request of " + share.cluster(), edits(share.request()));
          list("response of " + share.cluster(), edits(share.response()));
        }
      }
    }
  }

  private void cluster(String name) {
    out.put("cluster", name);
    Cluster cluster = config.clusters().get(name);
    if (cluster == null) {
      out.put("flags", ResponseFlag.NC.name());
      return;
    }
    switch (cluster.discovery()) {
      case Cluster.Discovery.OriginalDst dialled ->
          out.put(
              "endpoints",
              List.of(
                  endpoint(
                      cluster,
                      dialled.endpoint(new HostPort(call.address(), call.destinationPort())))));
      case Cluster.Discovery.Eds eds -> endpoints(cluster);
      case Cluster.Discovery.Static written -> endpoints(cluster);
      case Cluster.Discovery.Dns dns -> endpoints(cluster);
    }
  }

  private void endpoints(Cluster cluster) {
    LoadAssignment assignment = config.assignmentOf(cluster);
    String named = HopLabel.before(cluster.name(), call.sni());
    List<String> one = new ArrayList<>();
    List<String> all = new ArrayList<>();
    if (assignment != null) {
      for (LoadAssignment.Group group : assignment.groups()) {
        for (Endpoint endpoint : group.endpoints()) {
          String text =
              (group.priority() == 0 ? "" : "priority " + group.priority() + ": ")
                  + endpoint(cluster, endpoint);
          all.add(text);
          if (named.equals(label(endpoint))) {
            one.add(text);
          }
        }
      }
    }
    if (all.isEmpty()) {
      out.put("flags", ResponseFlag.UH.name());
    } else {
      out.put("endpoints", one.isEmpty() ? all : one);
    }
  }

  /** By which clients of other networks name it. */
  private static String label(Endpoint endpoint) {
    return IpLiteral.is(endpoint.address().host()) ? HopLabel.of(endpoint.address()) : "-";
  }

  /** With what is spoken to it. */
  private static String endpoint(Cluster cluster, Endpoint endpoint) {
    return (endpoint.hop().isEmpty() ? "" : endpoint.hop() + " by ")
        + endpoint.address()
        + switch (cluster.transportFor(endpoint)) {
          case UpstreamTransport.Plain plain -> "";
          case UpstreamTransport.Tls tls ->
              (tls.certSecret() == null ? ", TLS" : ", mutual TLS")
                  + (tls.sni().isEmpty() ? "" : " to " + tls.sni());
        };
  }
}
