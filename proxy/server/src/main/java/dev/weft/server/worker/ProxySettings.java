package dev.weft.server.worker;

import dev.weft.exchange.trace.SpanMaker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a proxy is told when it starts.
 *
 * @param loops number of event loops, from 1
 * @param peerMetadataId sent as {@code x-envoy-peer-metadata-id}; the node id
 * @param peerMetadata sent as {@code x-envoy-peer-metadata}; base64 of a Struct; may be empty
 * @param spans what they say of who makes them
 * @param headerTimeout how long a request head or a client hello may take
 * @param handshakeTimeout for TLS where the configuration gives none
 * @param idleTimeout of connections without a request where the configuration gives none
 * @param drainTime how long connections that a new configuration dropped may go on
 * @param peers what clients and endpoints may make the process hold
 */
public record ProxySettings(
    int loops,
    String peerMetadataId,
    String peerMetadata,
    SpanMaker spans,
    Duration headerTimeout,
    Duration handshakeTimeout,
    Duration idleTimeout,
    Duration drainTime,
    PeerLimits peers) {
  /** For a number of loops, everything else as Istio has it. */
  public static ProxySettings ofLoops(int loops) {
    return new ProxySettings(
        loops,
        "",
        "",
        SpanMaker.UNNAMED,
        Duration.ofSeconds(60),
        Duration.ofSeconds(15),
        Duration.ofHours(1),
        Duration.ofSeconds(45),
        PeerLimits.ofProcess());
  }

  public ProxySettings {
    if (loops < 1 || loops > 1024) {
      throw new IllegalArgumentException("loops " + loops + " is not in 1-1024");
    }
    for (Duration d : new Duration[] {headerTimeout, handshakeTimeout, idleTimeout}) {
      if (d.isNegative() || d.isZero()) {
        throw new IllegalArgumentException("timeout " + d + " is not positive");
      }
    }
  }

  /** The same with another identity for peers. */
  public ProxySettings withPeerMetadata(String id, String metadata) {
    return new ProxySettings(
        loops, id, metadata, spans, headerTimeout, handshakeTimeout, idleTimeout, drainTime, peers);
  }

  /** The same with another maker of spans. */
  public ProxySettings withSpans(SpanMaker maker) {
    return new ProxySettings(
        loops,
        peerMetadataId,
        peerMetadata,
        maker,
        headerTimeout,
        handshakeTimeout,
        idleTimeout,
        drainTime,
        peers);
  }

  /** The same with another limit for heads. */
  public ProxySettings withHeaderTimeout(long time, TimeUnit unit) {
    return new ProxySettings(
        loops,
        peerMetadataId,
        peerMetadata,
        spans,
        Duration.of(time, unit.toChronoUnit()),
        handshakeTimeout,
        idleTimeout,
        drainTime,
        peers);
  }

  /** The same for a process that bears another load. */
  public ProxySettings withPeers(PeerLimits bearable) {
    return new ProxySettings(
        loops,
        peerMetadataId,
        peerMetadata,
        spans,
        headerTimeout,
        handshakeTimeout,
        idleTimeout,
        drainTime,
        bearable);
  }
}
