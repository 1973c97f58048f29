package dev.weft.exchange;

import dev.weft.access.AccessFilter;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.Authorizer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request from 10.0.0.1:4000 to 10.0.0.2:80, without a connection.
 *
 * @param random what chance says
 * @param tokens of all limits of rates
 */
record Seen(
    String path,
    Map<String, String> fields,
    @Nullable Route route,
    long random,
    Map<String, String> notes,
    Tokens tokens)
    implements Asked, RequestView {

  static Seen get(String path, Map<String, String> fields) {
    return new Seen(path, fields, null, 0, new HashMap<>(), new Tokens(Map.of()));
  }

  Seen on(Route taken) {
    return new Seen(path, fields, taken, random, notes, tokens);
  }

  Seen with(Tokens left) {
    return new Seen(path, fields, route, random, notes, left);
  }

  /** Of rules that are only tried: that a policy matched. */
  Seen matched(AccessFilter rules, String policy) {
    notes.put(Authorizer.When.key(rules), policy);
    return this;
  }

  @Override
  public RequestView request() {
    return this;
  }

  @Override
  public CharSequence authority() {
    return "web.shop";
  }

  @Override
  public CharSequence method() {
    return "GET";
  }

  @Override
  public CharSequence scheme() {
    return "http";
  }

  @Override
  public @Nullable CharSequence header(String lowerCaseName) {
    return fields.get(lowerCaseName);
  }

  @Override
  public @Nullable VirtualHost virtualHost() {
    return null;
  }

  @Override
  public boolean atTheEdge() {
    return false;
  }

  @Override
  public boolean overHttp2() {
    return "http2".equals(fields.get("over"));
  }

  @Override
  public boolean hasContent() {
    return true;
  }

  @Override
  public boolean overTls() {
    return false;
  }

  @Override
  public String openedFor() {
    return "";
  }

  @Override
  public Instant now() {
    return Instant.EPOCH;
  }

  @Override
  public FilterCounter counter() {
    return new FilterCounter() {
      @Override
      public void decided(String place, AccessOutcome outcome) {
        notes.put("counted", outcome.name());
      }

      @Override
      public void limited(String prefix, LimitOutcome outcome) {
        notes.merge("limited", outcome.text(), (a, b) -> a + " " + b);
      }

      @Override
      public void compressed(String place, CompressionStat stat, long amount) {
        String count = stat.text() + (amount == 1 ? "" : "=" + amount);
        notes.merge(place, count, (a, b) -> a + " " + b);
      }
    };
  }

  @Override
  public Buckets buckets(RateLimitPolicy limit) {
    return tokens;
  }

  @Override
  public String expand(String template) {
    return template.replace("%PROTOCOL%", protocol());
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
    return new FieldList(
        fields.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> new FieldList.Field(e.getKey(), e.getValue()))
            .toList());
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public @Nullable String id() {
    return null;
  }

  @Override
  public int sourcePort() {
    return 4000;
  }

  @Override
  public String ownName() {
    return "spiffe://td/ns/shop/sa/web";
  }

  @Override
  public List<String> peerNames() {
    return List.of("spiffe://td/ns/shop/sa/client");
  }

  @Override
  public byte[] directAddress() {
    return new byte[] {10, 0, 0, 1};
  }

  @Override
  public byte[] clientAddress() {
    return directAddress();
  }

  @Override
  public byte[] destinationAddress() {
    return new byte[] {10, 0, 0, 2};
  }

  @Override
  public int destinationPort() {
    return 80;
  }

  @Override
  public String serverName() {
    return "";
  }
}
