package dev.weft.proxy.http;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.exchange.Asked;
import dev.weft.proxy.loop.ConnectionAccess;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.Forwarded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request of this exchange, as filters see it. Confined to its exchange. */
final class AskedHere extends ConnectionAccess implements Asked {
  private final Received in;
  private final RouteChoice routing;
  private byte @Nullable [] client;

  AskedHere(Received in, RouteChoice routing) {
    super(in.connection());
    this.in = in;
    this.routing = routing;
  }

  /** Another request begins. */
  void reset() {
    client = null;
  }

  @Override
  public RequestView request() {
    return in.view();
  }

  @Override
  public @Nullable Route route() {
    return routing.route();
  }

  @Override
  public @Nullable VirtualHost virtualHost() {
    return routing.virtualHost();
  }

  @Override
  public boolean atTheEdge() {
    return in.plan().pipeline.forwarded().useRemoteAddress();
  }

  @Override
  public boolean overHttp2() {
    return in.head().isHttp2();
  }

  @Override
  public boolean overTls() {
    return in.connection().tls();
  }

  @Override
  public String openedFor() {
    return in.connection().serverName();
  }

  @Override
  public long random() {
    return in.worker().random().nextLong();
  }

  @Override
  public Instant now() {
    return in.worker().workload().clock().instant();
  }

  @Override
  public AccessDecision decide(AccessFilter rules, String place) {
    return decide(rules, this, in.worker().observer(), place);
  }

  /**
   * The last but {@code trustedHops} of those that {@code x-forwarded-for} names; whoever is at the
   * edge takes the peer for one of them. Envoy: ConnectionManagerUtility::mutateRequestHeaders.
   */
  @Override
  public byte[] clientAddress() {
    byte[] known = client;
    if (known == null) {
      known = forwarded();
      client = known;
    }
    return known;
  }

  private byte[] forwarded() {
    Forwarded rules = in.plan().pipeline.forwarded();
    int last = rules.useRemoteAddress() ? rules.trustedHops() - 1 : rules.trustedHops();
    CharSequence header = last < 0 ? null : in.view().header("x-forwarded-for");
    if (header == null) {
      return directAddress();
    }
    String[] hops = header.toString().split(",");
    int index = hops.length - 1 - last;
    String hop = index < 0 ? "" : hops[index].strip();
    return IpLiteral.is(hop) ? IpLiteral.parse(hop) : directAddress();
  }
}
