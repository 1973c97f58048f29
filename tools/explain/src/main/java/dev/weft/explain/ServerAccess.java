package dev.weft.explain;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.access.AccessRules;
import dev.weft.access.AccessView;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RequestView;
import dev.weft.runtime.Authorizer;
import dev.weft.runtime.CleanPath;
import dev.weft.runtime.ConnectionView;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.translate.Translation;
import dev.weft.xds.ListenerName;
import dev.weft.xds.XdsType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy of a server decides about a caller: its configuration is made and compiled by the
 * code that does so for the proxy, and asked as the proxy asks it. What tokens say is not known.
 *
 * @param serverName that the caller names in mutual TLS; empty where there is none
 * @param from the address that the connection comes from
 */
record ServerAccess(
    MeshSnapshot snapshot, Workload caller, AskedRequest request, String serverName, String from) {
  /**
   * What is decided.
   *
   * @param bytes whether the server passes the connection on as bytes
   * @param asked the cluster of an authorizer that is asked before; empty where nobody is
   */
  record Verdict(AccessDecision decision, boolean bytes, String asked) {}

  /**
   * Empty where no policy holds for the server, or nothing listens.
   *
   * @param port that the server listens on
   */
  Optional<Verdict> at(Workload server, int port) {
    if (snapshot
        .accessPolicies()
        .authorization(server.key().namespace(), server.labels())
        .isEmpty()) {
      return Optional.empty();
    }
    Held held =
        Held.compiled(
            new Translation().own(snapshot, Client.of(snapshot, server).node()),
            List.of(XdsType.LISTENER),
            (type, name) -> true);
    return listener(held.config(), port)
        .flatMap(listener -> chain(listener, server, port))
        .map(chain -> decide(chain, server, port));
  }

  /** One with a socket for the port, else the one where everything that is captured arrives. */
  private static Optional<Listener> listener(RuntimeConfig config, int port) {
    List<Listener> inbound =
        config.listeners().values().stream()
            .filter(l -> l.direction() == Listener.Direction.INBOUND)
            .toList();
    return inbound.stream()
        .filter(l -> l.address().port() == port)
        .findFirst()
        .or(
            () ->
                inbound.stream()
                    .filter(l -> l.name().equals(ListenerName.Capture.INBOUND.format()))
                    .findFirst());
  }

  private Optional<FilterChain> chain(Listener listener, Workload server, int port) {
    FilterChain http = listener.chainFor(connection(server, port, "istio-http/1.1", "http/1.1"));
    return Optional.ofNullable(
        http == null ? listener.chainFor(connection(server, port, "istio", "")) : http);
  }

  private Verdict decide(FilterChain chain, Workload server, int port) {
    return switch (chain.pipeline()) {
      case HttpPipeline http -> {
        AskedRequest seen =
            CleanPath.of(request.path(), http.paths()) instanceof CleanPath.Changed changed
                ? request.withPath(changed.target())
                : request;
        List<AccessFilter> filters =
            http.filters().stream()
                .filter(HttpFilter.Access.class::isInstance)
                .map(f -> ((HttpFilter.Access) f).filter())
                .toList();
        AccessView view = view(seen, server, port);
        yield new Verdict(decide(filters, view), false, asked(http.filters(), view));
      }
      case TcpPipeline tcp -> new Verdict(decide(tcp.access(), view(null, server, port)), true, "");
    };
  }

  /** Whom the filters ask about a request. */
  private static String asked(List<HttpFilter> filters, AccessView view) {
    Map<String, String> noted = new HashMap<>();
    for (HttpFilter filter : filters) {
      if (filter instanceof HttpFilter.Access(AccessFilter rules) && rules.shadow() != null) {
        String policy = rules.shadow().decide(view).policy();
        if (!policy.isEmpty()) {
          noted.put(Authorizer.When.key(rules), policy);
        }
      }
      if (filter instanceof HttpFilter.ExternalAccess(Authorizer authorizer)) {
        Authorizer.When when = authorizer.when();
        if (when == null || when.holds(noted.get(when.key()))) {
          return authorizer.cluster();
        }
      }
    }
    return "";
  }

  /** The first that denies, or else the last that says anything. */
  private static AccessDecision decide(List<AccessFilter> filters, AccessView view) {
    AccessDecision last = AccessDecision.ALLOWED;
    for (AccessFilter filter : filters) {
      AccessRules rules = filter.rules();
      if (rules != null) {
        AccessDecision decision = rules.decide(view);
        if (!decision.allowed()) {
          return decision;
        }
        last = decision.policy().isEmpty() ? last : decision;
      }
    }
    return last;
  }

  private boolean mtls() {
    return !serverName.isEmpty();
  }

  private static byte[] address(Workload pod) {
    return IpLiteral.parse(pod.ips().isEmpty() ? Aim.UNKNOWN : pod.ips().getFirst());
  }

  private AccessView view(@Nullable RequestView seen, Workload server, int port) {
    List<String> names = mtls() ? List.of(caller.identity().toString()) : List.of();
    return new Seen(seen, names, serverName, IpLiteral.parse(from), address(server), port);
  }

  private ConnectionView connection(Workload server, int port, String secured, String plain) {
    return new Arriving(
        port,
        address(server),
        IpLiteral.parse(from),
        mtls() ? "tls" : "raw_buffer",
        mtls() ? List.of(secured) : plain.isEmpty() ? List.of() : List.of(plain));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Arriving(
      int destinationPort,
      byte[] destinationAddress,
      byte[] sourceAddress,
      String transportProtocol,
      List<String> applicationProtocols)
      implements ConnectionView {
    @Override
    public String serverName() {
      return "";
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Seen(
      @Nullable RequestView request,
      List<String> peerNames,
      String serverName,
      byte[] directAddress,
      byte[] destinationAddress,
      int destinationPort)
      implements AccessView {
    @Override
    public byte[] clientAddress() {
      return directAddress;
    }
  }
}
