package dev.weft.config;

import static dev.weft.config.Shape.field;

import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.TrafficPolicy.HashTable;
import dev.weft.config.TrafficPolicy.LoadBalancer;
import dev.weft.config.TrafficPolicy.Policy;
import dev.weft.types.HeaderText;
import java.math.BigInteger;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code loadBalancer} of a DestinationRule. */
final class LoadBalancerParser {
  private static final int DEFAULT_RING = 1024;
  private static final int LARGEST_RING = 8 << 20;

  /** Envoy's default and largest of Maglev's tables. */
  private static final int DEFAULT_TABLE = 65537;

  private static final int LARGEST_TABLE = 5_000_010;
  private static final int PRIME_CERTAINTY = 50;

  private static final Shape ZONE_AWARE =
      Shape.Fields.of(
          field("enabled", Shape.Simple.FLAG),
          field(
              "failover",
              new Shape.ListOf(
                  Shape.Fields.of(field("from", Shape.TEXT), field("to", Shape.TEXT)))),
          field("failoverPriority", Shape.TEXTS),
          field("minClusterSize", Shape.Simple.WHOLE));

  private LoadBalancerParser() {}

  static LoadBalancer read(TreeReader r) {
    Policy policy =
        switch (r.choice(
            "simple",
            "UNSPECIFIED",
            "LEAST_CONN",
            "RANDOM",
            "PASSTHROUGH",
            "ROUND_ROBIN",
            "LEAST_REQUEST")) {
          case "ROUND_ROBIN" -> new Policy.RoundRobin();
          case "LEAST_REQUEST", "LEAST_CONN" -> new Policy.LeastRequest();
          case "RANDOM" -> new Policy.Random();
          case "PASSTHROUGH" -> new Policy.Passthrough();
          default -> new Policy.Unspecified();
        };
    Policy hash = r.object("consistentHash", LoadBalancerParser::consistentHash);
    if (hash != null && r.has("simple")) {
      r.error("consistentHash", "cannot stand beside simple; keep one");
    }
    LocalityLoadBalancing locality = r.object("localityLbSetting", LocalityParser::read);
    if (locality != null && r.has("zoneAwareLbSetting")) {
      r.error("zoneAwareLbSetting", "cannot stand beside localityLbSetting; keep one");
    }
    Duration warmup = r.duration("warmupDurationSecs", Duration.ZERO);
    Duration newer =
        r.object(
            "warmup",
            w -> {
              w.optionalNumber("minimumPercent", 0, 100);
              Double aggression = w.optionalNumber("aggression", 0, Float.MAX_VALUE);
              if (aggression != null && aggression == 0) {
                w.error("aggression", "more than 0 is needed");
              }
              w.unsupported("minimumPercent", Shape.Simple.NUMBER, "a new endpoint starts at 10 %");
              w.unsupported("aggression", Shape.Simple.NUMBER, "the share grows evenly");
              if (!w.has("duration")) {
                w.error("duration", "a duration is needed");
              }
              return RouteChecks.length(w, "duration");
            });
    r.unsupported("zoneAwareLbSetting", ZONE_AWARE, "use localityLbSetting");
    return new LoadBalancer(
        hash != null ? hash : policy,
        locality,
        warmup(r, hash != null ? hash : policy, newer != null ? newer : warmup));
  }

  /** Envoy's slow start, which two of its policies know. */
  private static Duration warmup(TreeReader r, Policy policy, Duration length) {
    boolean grows =
        switch (policy) {
          case Policy.Unspecified unspecified -> true;
          case Policy.RoundRobin robin -> true;
          case Policy.LeastRequest least -> true;
          case Policy.Random random -> false;
          case Policy.Passthrough passthrough -> false;
          case Policy.ConsistentHash hash -> false;
        };
    if (!grows && !length.isZero()) {
      r.warning(
          "unsupported-field",
          r.has("warmup") ? "warmup" : "warmupDurationSecs",
          "new endpoints get their whole share at once: only ROUND_ROBIN and LEAST_REQUEST let it"
              + " grow");
    }
    return grows ? length : Duration.ZERO;
  }

  private static @Nullable Policy consistentHash(TreeReader r) {
    HashTable table = table(r);
    String header = r.string("httpHeaderName");
    String parameter = r.string("httpQueryParameterName");
    boolean source = r.bool("useSourceIp", false);
    HashKey key = r.object("httpCookie", LoadBalancerParser::cookie);
    if (r.has("httpHeaderName")) {
      if (!HeaderText.isName(header)) {
        r.error("httpHeaderName", "'" + header + "' is not the name of a header");
      }
      key = new HashKey.Header(header);
    } else if (r.has("httpQueryParameterName")) {
      key = new HashKey.QueryParameter(parameter);
    } else if (source) {
      key = new HashKey.SourceIp();
    }
    if (key == null) {
      r.error(
          "httpHeaderName",
          "say what is hashed: httpHeaderName, httpCookie, useSourceIp or httpQueryParameterName");
      return null;
    }
    return new Policy.ConsistentHash(key, table);
  }

  private static HashTable table(TreeReader r) {
    HashTable old = new HashTable.Ring(r.integer("minimumRingSize", DEFAULT_RING, 1, LARGEST_RING));
    HashTable ring =
        r.object(
            "ringHash",
            h -> new HashTable.Ring(h.integer("minimumRingSize", DEFAULT_RING, 1, LARGEST_RING)));
    HashTable maglev = r.object("maglev", LoadBalancerParser::maglev);
    if (Stream.of(r.has("minimumRingSize"), ring != null, maglev != null).filter(x -> x).count()
        > 1) {
      r.error("ringHash", "minimumRingSize, ringHash and maglev exclude each other: keep one");
    }
    return maglev != null ? maglev : ring != null ? ring : old;
  }

  private static HashTable maglev(TreeReader r) {
    if (!r.has("tableSize")) {
      r.error("tableSize", "a size is needed, a prime number such as " + DEFAULT_TABLE);
    }
    int size = r.integer("tableSize", DEFAULT_TABLE, 2, LARGEST_TABLE);
    if (!BigInteger.valueOf(size).isProbablePrime(PRIME_CERTAINTY)) {
      r.error(
          "tableSize",
          size + " is no prime number, which Maglev needs; " + DEFAULT_TABLE + " is one");
    }
    return new HashTable.Maglev(size);
  }

  private static HashKey cookie(TreeReader r) {
    String name = r.string("name");
    if (!HeaderText.isName(name)) {
      r.error("name", "'" + name + "' is not the name of a cookie");
    }
    r.unsupported(
        "attributes",
        new Shape.ListOf(Shape.Fields.of(field("name", Shape.TEXT), field("value", Shape.TEXT))),
        "the cookie that is made has a path and a lifetime alone");
    return new HashKey.Cookie(name, RouteChecks.plain(r, "path"), r.duration("ttl"));
  }
}
