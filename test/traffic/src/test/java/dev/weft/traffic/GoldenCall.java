package dev.weft.traffic;

import dev.weft.access.AccessView;
import dev.weft.exchange.AccessOutcome;
import dev.weft.exchange.Asked;
import dev.weft.exchange.Buckets;
import dev.weft.exchange.CompressionStat;
import dev.weft.exchange.FieldList;
import dev.weft.exchange.FilterCounter;
import dev.weft.exchange.HeadChange;
import dev.weft.exchange.LimitOutcome;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.ConnectionView;
import dev.weft.types.HopLabel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call as {@code calls.yaml} writes it, and as the parts of a proxy see it. Confined to one test.
 */
final class GoldenCall implements Asked, RequestView {
  /** What is likely happens, and what is as likely not does not. */
  private static final long CHANCE = -1;

  private final Map<String, Object> written;
  private final Map<String, Object> tls;
  private final Map<String, String> headers = new TreeMap<>();
  private final Map<String, String> notes = new TreeMap<>();
  private final String address;
  private final int port;
  private String path;
  private boolean redirected;
  private boolean edge;
  private boolean overTls;
  private @Nullable VirtualHost host;
  private @Nullable Route route;

  GoldenCall(Map<String, Object> written) {
    this.written = written;
    this.tls = map(written.get("tls"));
    map(written.get("headers"))
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value.toString()));
    this.path = text(written, "path", "/");
    String to = text(written, "to", "");
    int colon = to.lastIndexOf(':');
    this.address = to.substring(0, colon);
    this.port = Integer.parseInt(to.substring(colon + 1));
  }

  String proxy() {
    return text(written, "proxy", "");
  }

  String address() {
    return address;
  }

  boolean speaksTls() {
    return !tls.isEmpty();
  }

  /** Whether it is a request, and not a connection of other bytes. */
  boolean speaksHttp() {
    return !application().equals("bytes");
  }

  private String application() {
    return text(written, "protocol", "http/1.1");
  }

  /**
   * As a listener sees its connection.
   *
   * @param forTls whether it looks for TLS
   * @param forHttp whether it looks for HTTP
   * @param captured whether it was on its way to somebody else
   */
  ConnectionView connection(boolean forTls, boolean forHttp, boolean captured) {
    redirected = captured;
    boolean seen = speaksTls() && forTls;
    List<String> offered = seen ? alpn() : List.of();
    if (!speaksTls() && forHttp && speaksHttp()) {
      offered = List.of(application());
    }
    return new Connection(
        port,
        destinationAddress(),
        directAddress(),
        seen ? sni() : "",
        seen ? "tls" : "raw_buffer",
        offered);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Connection(
      int destinationPort,
      byte[] destinationAddress,
      byte[] sourceAddress,
      String serverName,
      String transportProtocol,
      List<String> applicationProtocols)
      implements ConnectionView {}

  /** As rules of access see it where it is no request. */
  AccessView asBytes() {
    return new Bytes(this);
  }

  private record Bytes(GoldenCall call) implements AccessView {
    @Override
    public @Nullable RequestView request() {
      return null;
    }

    @Override
    public List<String> peerNames() {
      return call.peerNames();
    }

    @Override
    public byte[] directAddress() {
      return call.directAddress();
    }

    @Override
    public byte[] clientAddress() {
      return call.clientAddress();
    }

    @Override
    public byte[] destinationAddress() {
      return call.destinationAddress();
    }

    @Override
    public int destinationPort() {
      return call.destinationPort();
    }

    @Override
    public String serverName() {
      return call.serverName();
    }
  }

  /** TLS ends before its pipeline. */
  void secured() {
    overTls = true;
  }

  /** It comes to a pipeline. */
  void arrives(boolean atTheEdge) {
    edge = atTheEdge;
  }

  void target(String cleaned) {
    path = cleaned;
  }

  /** It has a route, or none. */
  void routed(@Nullable VirtualHost found, @Nullable Route taken) {
    host = found;
    route = taken;
  }

  /** Filters change it. */
  void changed(HeadChange change) {
    headers.keySet().removeAll(change.removed());
    headers.putAll(change.added());
    String target = change.target();
    path = target == null ? path : target;
  }

  @Override
  public int destinationPort() {
    return port;
  }

  @Override
  public byte[] destinationAddress() {
    return IpLiteral.parse(address);
  }

  @Override
  public String serverName() {
    return HopLabel.without(sni());
  }

  /** As the client says it. */
  String sni() {
    return text(tls, "serverName", "");
  }

  private List<String> alpn() {
    return tls.get("alpn") instanceof List<?> offered
        ? offered.stream().map(String::valueOf).toList()
        : List.of();
  }

  @Override
  public List<String> peerNames() {
    return overTls && tls.containsKey("peer") ? List.of(text(tls, "peer", "")) : List.of();
  }

  @Override
  public byte[] directAddress() {
    return IpLiteral.parse(text(written, "from", "192.0.2.1"));
  }

  @Override
  public byte[] clientAddress() {
    return directAddress();
  }

  @Override
  public RequestView request() {
    return this;
  }

  @Override
  public CharSequence authority() {
    return text(written, "authority", address + ":" + port);
  }

  @Override
  public CharSequence destination() {
    return redirected ? address + ":" + port : "";
  }

  @Override
  public CharSequence path() {
    return path;
  }

  @Override
  public CharSequence method() {
    return text(written, "method", "GET");
  }

  @Override
  public CharSequence scheme() {
    return overTls ? "https" : "http";
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  @Override
  public FieldList headers() {
    return new FieldList(
        headers.entrySet().stream()
            .map(e -> new FieldList.Field(e.getKey(), e.getValue()))
            .toList());
  }

  @Override
  public @Nullable Route route() {
    return route;
  }

  @Override
  public @Nullable VirtualHost virtualHost() {
    return host;
  }

  @Override
  public boolean atTheEdge() {
    return edge;
  }

  @Override
  public boolean overHttp2() {
    return application().equals("h2") || application().equals("h2c");
  }

  @Override
  public boolean hasContent() {
    return true;
  }

  @Override
  public boolean overTls() {
    return overTls;
  }

  @Override
  public String openedFor() {
    return sni();
  }

  @Override
  public long random() {
    return CHANCE;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH;
  }

  @Override
  public FilterCounter counter() {
    return new FilterCounter() {
      @Override
      public void decided(String place, AccessOutcome outcome) {}

      @Override
      public void limited(String prefix, LimitOutcome outcome) {}

      @Override
      public void compressed(String place, CompressionStat stat, long amount) {}
    };
  }

  /** Nobody called before. */
  @Override
  public Buckets buckets(RateLimitPolicy limit) {
    return new Buckets() {
      @Override
      public boolean take(int bucket) {
        return true;
      }

      @Override
      public long left(int bucket) {
        return 0;
      }

      @Override
      public long secondsToNext(int bucket) {
        return 0;
      }
    };
  }

  @Override
  public String expand(String template) {
    return template;
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
  public String protocol() {
    return overHttp2() ? "HTTP/2" : "HTTP/1.1";
  }

  @Override
  public @Nullable String id() {
    return null;
  }

  @Override
  public int sourcePort() {
    return 0;
  }

  @Override
  public String ownName() {
    return "";
  }

  private static String text(Map<String, Object> in, String key, String otherwise) {
    Object value = in.get(key);
    return value == null ? otherwise : value.toString();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }
}
