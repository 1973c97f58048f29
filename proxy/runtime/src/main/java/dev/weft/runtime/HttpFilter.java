package dev.weft.runtime;

import dev.weft.access.AccessFilter;
import dev.weft.access.JwtRules;
import dev.weft.routing.HeaderMutations;
import dev.weft.routing.RateLimitPolicy;
import java.util.List;
import java.util.Map;

/** A step between the codec and the upstream. */
public sealed interface HttpFilter {
  /**
   * Peers tell each other who they are with {@code x-envoy-peer-metadata} and {@code
   * x-envoy-peer-metadata-id}.
   *
   * @param discoverDownstream take the client's from its request (and remove the headers)
   * @param discoverUpstream take the server's from its response (and remove the headers)
   * @param propagateUpstream send ours with requests
   * @param propagateDownstream send ours with responses
   */
  record PeerMetadata(
      boolean discoverDownstream,
      boolean discoverUpstream,
      boolean propagateUpstream,
      boolean propagateDownstream)
      implements HttpFilter {}

  /** {@code istio_*} metrics are kept, and read by these rules. */
  record IstioStats(MetricRules rules) implements HttpFilter {}

  /**
   * The ALPN offered upstream over TLS depends on the request's protocol.
   *
   * @param overrides by upstream protocol ({@code http/1.0}, {@code http/1.1}, {@code h2})
   */
  record IstioAlpn(Map<String, List<String>> overrides) implements HttpFilter {
    public IstioAlpn {
      overrides = Map.copyOf(overrides);
    }
  }

  /** Faults of the route ({@code Route.fault}) are injected. */
  record Fault() implements HttpFilter {}

  /** Cross-origin rules of the route ({@code Route.cors}) are enforced. */
  record Cors() implements HttpFilter {}

  /** So many requests are let through, where the route has no limit of its own. */
  record LocalRateLimit(RateLimitPolicy policy) implements HttpFilter {}

  /**
   * Answers are compressed with gzip.
   *
   * @param stats the end of the name of its statistics
   * @param enabled where the route does not say otherwise
   * @param level 1 to 9; -1: the library's own
   * @param minLength shorter content is not compressed; in bytes
   * @param types of content that is, in lower case
   * @param refusesTags true: content with an entity tag is not compressed; false: it loses a tag
   *     that stands for its very bytes
   * @param hidesAcceptEncoding true: endpoints do not hear what encodings the client takes
   * @param exceptions status codes whose answers are not compressed
   */
  record Compressor(
      String stats,
      boolean enabled,
      int level,
      Strategy strategy,
      long minLength,
      List<String> types,
      boolean refusesTags,
      boolean hidesAcceptEncoding,
      List<Integer> exceptions)
      implements HttpFilter {
    public Compressor {
      types = List.copyOf(types);
      exceptions = List.copyOf(exceptions);
    }

    /** What the content is like. */
    public enum Strategy {
      DEFAULT,
      FILTERED,
      HUFFMAN_ONLY
    }
  }

  /**
   * Heads are changed.
   *
   * @param own everywhere, before what the route says
   * @param specificLast whether what the most specific place says comes last, not first
   */
  record HeaderMutation(HeaderMutations.Level own, boolean specificLast) implements HttpFilter {}

  /** gRPC messages are counted, and the gRPC status becomes known to telemetry. */
  record GrpcStats() implements HttpFilter {}

  /** Tokens of requests are verified. */
  record Tokens(JwtRules rules) implements HttpFilter {}

  /** Somebody else says whether requests come in. */
  record ExternalAccess(Authorizer authorizer) implements HttpFilter {}

  /** Requests come in or are refused. */
  record Access(AccessFilter filter) implements HttpFilter {}

  /**
   * The request goes to its route.
   *
   * @param suppressEnvoyHeaders true: no {@code x-envoy-*} headers are added
   */
  record Router(boolean suppressEnvoyHeaders) implements HttpFilter {}
}
