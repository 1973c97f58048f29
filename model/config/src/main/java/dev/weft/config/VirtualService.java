package dev.weft.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Routes of hosts, or the delegate of such a one.
 *
 * @param hosts none for a delegate
 * @param gateways {@code mesh}, {@code name} or {@code namespace/name}; never empty
 * @param exportTo namespaces that see it; empty means all
 */
public record VirtualService(
    ObjectMeta meta,
    List<String> hosts,
    List<String> gateways,
    List<HttpRoute> http,
    List<TlsRoute> tls,
    List<TcpRoute> tcp,
    List<String> exportTo)
    implements ConfigObject {

  /** Written for the sidecars of the mesh, among gateways. */
  public static final String MESH = "mesh";

  public VirtualService {
    hosts = List.copyOf(hosts);
    gateways = gateways.isEmpty() ? List.of(MESH) : List.copyOf(gateways);
    http = List.copyOf(http);
    tls = List.copyOf(tls);
    tcp = List.copyOf(tcp);
    exportTo = List.copyOf(exportTo);
  }

  /** The same, seen by some namespaces where it does not say by which. */
  public VirtualService exportedTo(List<String> otherwise) {
    return exportTo.isEmpty() && !otherwise.isEmpty()
        ? new VirtualService(meta, hosts, gateways, http, tls, tcp, otherwise)
        : this;
  }

  /** The full name of a gateway that is written here: {@code mesh} or {@code namespace/name}. */
  public String gateway(String written) {
    String name = written.startsWith("./") ? written.substring(2) : written;
    return name.equals(MESH) || name.indexOf('/') >= 0 ? name : meta.namespace() + "/" + name;
  }

  /**
   * @param matches any of them; empty matches everything
   * @param timeout of the whole request; null where not written
   */
  public record HttpRoute(
      String name,
      List<HttpMatch> matches,
      HttpAction action,
      @Nullable Rewrite rewrite,
      @Nullable Duration timeout,
      @Nullable Retries retries,
      @Nullable Fault fault,
      List<Mirror> mirrors,
      @Nullable Cors cors,
      HeaderOperations headers) {
    public HttpRoute {
      matches = List.copyOf(matches);
      mirrors = List.copyOf(mirrors);
    }

    /** Where its requests and copies of them go. */
    public List<Destination> destinations() {
      Stream<Destination> requests =
          action instanceof HttpAction.Forward forward
              ? forward.destinations().stream().map(WeightedDestination::destination)
              : Stream.of();
      return Stream.concat(requests, mirrors.stream().map(Mirror::destination)).toList();
    }
  }

  /** Where TCP and TLS routes lead. */
  public List<Destination> bytesDestinations() {
    return Stream.concat(
            tls.stream().flatMap(route -> route.route().stream()),
            tcp.stream().flatMap(route -> route.route().stream()))
        .map(WeightedDestination::destination)
        .toList();
  }

  /** All conditions must hold. A null or empty part was not written. */
  public record HttpMatch(
      String name,
      @Nullable StringMatch uri,
      @Nullable StringMatch scheme,
      @Nullable StringMatch method,
      @Nullable StringMatch authority,
      Map<String, StringMatch> headers,
      Map<String, StringMatch> withoutHeaders,
      Map<String, StringMatch> queryParams,
      boolean ignoreUriCase,
      int port,
      Map<String, String> sourceLabels,
      String sourceNamespace,
      List<String> gateways) {
    public HttpMatch {
      headers = Copies.map(headers);
      withoutHeaders = Copies.map(withoutHeaders);
      queryParams = Copies.map(queryParams);
      sourceLabels = Copies.map(sourceLabels);
      gateways = List.copyOf(gateways);
    }

    /** The same conditions under another name. */
    public HttpMatch named(String other) {
      return with(other, gateways);
    }

    /** The same conditions at other gateways. */
    public HttpMatch at(List<String> others) {
      return with(name, others);
    }

    private HttpMatch with(String otherName, List<String> otherGateways) {
      return new HttpMatch(
          otherName,
          uri,
          scheme,
          method,
          authority,
          headers,
          withoutHeaders,
          queryParams,
          ignoreUriCase,
          port,
          sourceLabels,
          sourceNamespace,
          otherGateways);
    }
  }

  /** What is done with a matched request. */
  public sealed interface HttpAction {
    /** Sent to one of the destinations, by weight. */
    record Forward(List<WeightedDestination> destinations) implements HttpAction {
      public Forward {
        destinations = List.copyOf(destinations);
      }
    }

    /**
     * @param uri the whole path; empty where not written
     * @param prefix in the place of what a prefix matched; empty where not written
     * @param port 0 where not written
     * @param code 301, 302, 303, 307 or 308
     */
    record Redirect(String uri, String prefix, String authority, String scheme, int port, int code)
        implements HttpAction {}

    record DirectResponse(int status, String body) implements HttpAction {}

    /** The routes of another VirtualService. */
    record Delegate(String namespace, String name) implements HttpAction {}
  }

  /**
   * @param host as written
   * @param subset empty for none
   * @param port 0 where not written
   */
  public record Destination(String host, String subset, int port) {}

  /**
   * @param weight relative; a single destination's weight does not matter
   */
  public record WeightedDestination(
      Destination destination, int weight, HeaderOperations headers) {}

  /** Changes of headers on the way to the service and back. */
  public record HeaderOperations(HeaderChanges request, HeaderChanges response) {
    public static final HeaderOperations NONE =
        new HeaderOperations(HeaderChanges.NONE, HeaderChanges.NONE);
  }

  /** Set replaces, add appends. */
  public record HeaderChanges(
      Map<String, String> set, Map<String, String> add, List<String> remove) {
    public static final HeaderChanges NONE = new HeaderChanges(Map.of(), Map.of(), List.of());

    public HeaderChanges {
      set = Copies.map(set);
      add = Copies.map(add);
      remove = List.copyOf(remove);
    }
  }

  /**
   * Empty parts were not written.
   *
   * @param regexMatch RE2, with {@code regexRewrite} as its substitution
   */
  public record Rewrite(String uri, String authority, String regexMatch, String regexRewrite) {}

  /** Deliberate failures; null where not written. Percentages from 0 to 100. */
  public record Fault(@Nullable Delay delay, @Nullable Abort abort) {
    public record Delay(Duration fixed, double percentage) {}

    /**
     * @param grpcStatus empty for an HTTP abort
     */
    public record Abort(int httpStatus, String grpcStatus, double percentage) {}
  }

  /** A copy of requests, whose answers are dropped. */
  public record Mirror(Destination destination, double percentage) {}

  /**
   * Cross-origin rules.
   *
   * @param answersUnmatched whether a preflight of an origin that is not allowed is answered here,
   *     without permission, instead of being passed on
   */
  public record Cors(
      List<StringMatch> allowOrigins,
      List<String> allowMethods,
      List<String> allowHeaders,
      List<String> exposeHeaders,
      @Nullable Duration maxAge,
      @Nullable Boolean allowCredentials,
      boolean answersUnmatched) {
    public Cors {
      allowOrigins = List.copyOf(allowOrigins);
      allowMethods = List.copyOf(allowMethods);
      allowHeaders = List.copyOf(allowHeaders);
      exposeHeaders = List.copyOf(exposeHeaders);
    }
  }

  public record TlsRoute(List<L4Match> matches, List<WeightedDestination> route) {
    public TlsRoute {
      matches = List.copyOf(matches);
      route = List.copyOf(route);
    }
  }

  public record TcpRoute(List<L4Match> matches, List<WeightedDestination> route) {
    public TcpRoute {
      matches = List.copyOf(matches);
      route = List.copyOf(route);
    }
  }

  /**
   * @param sniHosts only for TLS routes
   * @param port 0 where not written
   */
  public record L4Match(
      List<String> sniHosts,
      List<String> destinationSubnets,
      int port,
      Map<String, String> sourceLabels,
      String sourceNamespace,
      List<String> gateways) {
    public L4Match {
      sniHosts = List.copyOf(sniHosts);
      destinationSubnets = List.copyOf(destinationSubnets);
      sourceLabels = Copies.map(sourceLabels);
      gateways = List.copyOf(gateways);
    }
  }
}
