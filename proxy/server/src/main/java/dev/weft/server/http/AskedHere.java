package dev.weft.server.http;

import dev.weft.codec.MessageHead.Framing;
import dev.weft.codec.RequestHead;
import dev.weft.exchange.Asked;
import dev.weft.exchange.Buckets;
import dev.weft.exchange.ConnectionAccess;
import dev.weft.exchange.FieldList;
import dev.weft.exchange.FilterCounter;
import dev.weft.exchange.HeadChange;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.HttpPipeline.Forwarded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of this exchange, as filters see it. Confined to its exchange. */
final class AskedHere extends ConnectionAccess implements Asked {
  private final Received in;
  private final Declared declared;
  private final RouteChoice routing;
  private final EditWriter.Operators operators;
  private final Map<String, String> notes = new HashMap<>(0);
  private byte @Nullable [] client;

  AskedHere(Received in, Declared declared, RouteChoice routing, EditWriter.Operators operators) {
    super(in.connection());
    this.in = in;
    this.declared = declared;
    this.routing = routing;
    this.operators = operators;
  }

  /** Another request begins. */
  void reset() {
    client = null;
    notes.clear();
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
  public boolean hasContent() {
    return in.head().framing() != Framing.NONE;
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
  public FilterCounter counter() {
    return in.worker().observer();
  }

  @Override
  public Buckets buckets(RateLimitPolicy limit) {
    return limit.perConnection()
        ? in.connection().buckets(limit, in.worker().workload().rateLimits()::full)
        : in.worker().buckets(limit);
  }

  @Override
  public String expand(String template) {
    return operators.expand(template);
  }

  @Override
  public void note(String key, String value) {
    notes.put(key, value);
  }

  @Override
  public @Nullable String noted(String key) {
    return notes.get(key);
  }

  @Override
  public FieldList headers() {
    RequestHead head = in.head();
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < head.size(); i++) {
      String name = head.name(i).toLowerCase(Locale.ROOT);
      if (!all.containsKey(name)) {
        CharSequence value = in.view().header(name);
        if (value != null) {
          all.put(name, value.toString());
        }
      }
    }
    HeadChange change = in.view().change();
    if (change != null) {
      all.putAll(change.added());
    }
    return new FieldList(
        all.entrySet().stream().map(e -> new FieldList.Field(e.getKey(), e.getValue())).toList());
  }

  @Override
  public String protocol() {
    return in.head().protocol();
  }

  @Override
  public @Nullable String id() {
    byte[] id = declared.requestId();
    return id == null ? null : new String(id, StandardCharsets.ISO_8859_1);
  }

  @Override
  public int sourcePort() {
    return in.connection().remote().getPort();
  }

  @Override
  public String ownName() {
    return in.worker().workload().localUri();
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
