package dev.weft.config;

import dev.weft.config.VirtualService.Destination;
import dev.weft.config.VirtualService.Fault;
import dev.weft.config.VirtualService.HeaderChanges;
import dev.weft.config.VirtualService.HeaderOperations;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.config.VirtualService.Mirror;
import dev.weft.config.VirtualService.Rewrite;
import dev.weft.config.VirtualService.TcpRoute;
import dev.weft.config.VirtualService.TlsRoute;
import dev.weft.config.VirtualService.WeightedDestination;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io VirtualService} (networking/v1/virtual_service.proto). */
final class VirtualServiceParser {
  /** Envoy's limit for the weights of one route. */
  private static final long MAX_WEIGHT = 0xffff_ffffL;

  /** Bytes; Istio's limit. */
  private static final int MAX_BODY = 1 << 20;

  /** Of what one in a million requests is a hundred. */
  private static final double MIN_PERCENT = 0.0001;

  private VirtualServiceParser() {}

  static VirtualService read(ObjectMeta meta, TreeReader spec) {
    List<String> hosts = RouteChecks.hosts(spec, "hosts");
    List<String> gateways = spec.strings("gateways");
    NameChecks.gateways(spec, "gateways", gateways);
    RouteChecks.apart(spec, hosts, gateways);
    List<HttpRoute> http = spec.objects("http", VirtualServiceParser::http);
    List<TlsRoute> tls = spec.objects("tls", r -> L4RouteParser.tls(r, hosts));
    List<TcpRoute> tcp = spec.objects("tcp", L4RouteParser::tcp);
    if (http.isEmpty() && tls.isEmpty() && tcp.isEmpty()) {
      spec.error("http", "at least one route is needed: http, tls or tcp");
    }
    if (hosts.isEmpty()) {
      RouteChecks.delegate(spec, http);
    } else {
      RouteChecks.claims(spec, http, gateways);
    }
    List<String> exportTo = NameChecks.exportTo(spec, meta.namespace(), false);
    return new VirtualService(meta, hosts, gateways, http, tls, tcp, exportTo);
  }

  private static @Nullable HttpRoute http(TreeReader r) {
    HttpAction action = action(r);
    List<Mirror> mirrors = mirrors(r);
    HttpRoute route =
        new HttpRoute(
            r.string("name"),
            r.objects("match", VirtualServiceParser::match),
            action == null ? new HttpAction.Forward(List.of()) : action,
            r.object("rewrite", VirtualServiceParser::rewrite),
            RouteChecks.length(r, "timeout"),
            r.object("retries", RetriesParser::read),
            r.object("fault", VirtualServiceParser::fault),
            mirrors,
            r.object("corsPolicy", CorsParser::read),
            headers(r));
    RouteChecks.conflicts(r);
    Rewrite rewrite = route.rewrite();
    RouteChecks.authority(r, rewrite == null ? "" : rewrite.authority(), route.headers().request());
    if (action instanceof HttpAction.Redirect redirect) {
      RouteChecks.prefixes(r, redirect, route.matches());
    }
    return action == null ? null : route;
  }

  private static @Nullable HttpAction action(TreeReader r) {
    List<WeightedDestination> destinations = r.objects("route", VirtualServiceParser::weighted);
    HttpAction redirect = r.object("redirect", VirtualServiceParser::redirect);
    HttpAction direct = r.object("directResponse", VirtualServiceParser::directResponse);
    HttpAction delegate = r.object("delegate", VirtualServiceParser::delegate);
    int actions =
        (destinations.isEmpty() ? 0 : 1)
            + (redirect == null ? 0 : 1)
            + (direct == null ? 0 : 1)
            + (delegate == null ? 0 : 1);
    if (actions != 1) {
      r.error(
          "route",
          actions == 0
              ? "say what to do: route, redirect, directResponse or delegate"
              : "route, redirect, directResponse and delegate exclude each other");
      return null;
    }
    if (!destinations.isEmpty()) {
      checkWeights(r, destinations);
      return new HttpAction.Forward(destinations);
    }
    return redirect != null ? redirect : direct != null ? direct : delegate;
  }

  private static HttpAction delegate(TreeReader r) {
    String name = r.string("name");
    if (name.isEmpty()) {
      r.error("name", "the name of a VirtualService without hosts is needed");
    }
    return new HttpAction.Delegate(r.string("namespace"), name);
  }

  static void checkWeights(TreeReader r, List<WeightedDestination> destinations) {
    long total = destinations.stream().mapToLong(WeightedDestination::weight).sum();
    if (total > MAX_WEIGHT) {
      r.error("route", "the weights add up to " + total + ", which is more than " + MAX_WEIGHT);
    }
    if (destinations.size() > 1 && total == 0) {
      r.error(
          "route",
          "the weights of several destinations add up to 0, so none would be chosen; give each one"
              + " its share as weight");
    }
  }

  private static HttpAction redirect(TreeReader r) {
    int code = RouteChecks.redirectCode(r, "redirectCode");
    r.unsupported("derivePort", Shape.TEXT, "the port of the request is kept");
    RouteChecks.oneOf(r, "uri", "prefixRewrite", "authority", "scheme", "port");
    if (r.has("uri") && r.has("prefixRewrite")) {
      r.error("prefixRewrite", "cannot stand beside uri; keep one");
    }
    if (!Set.of("", "http", "https").contains(r.string("scheme"))) {
      r.error("scheme", "'" + r.string("scheme") + "' is neither http nor https");
    }
    return new HttpAction.Redirect(
        RouteChecks.plain(r, "uri"),
        RouteChecks.plain(r, "prefixRewrite"),
        RouteChecks.plain(r, "authority"),
        RouteChecks.plain(r, "scheme"),
        r.integer("port", 0, 1, 65535),
        code);
  }

  private static HttpAction directResponse(TreeReader r) {
    String body =
        r.object(
            "body",
            b -> {
              b.unsupported("bytes", Shape.TEXT, "use string");
              return b.string("string");
            });
    if (!r.has("status")) {
      r.error("status", "a status from 200 to 599 is needed");
    }
    if (body != null && body.getBytes(StandardCharsets.UTF_8).length > MAX_BODY) {
      r.error("body", "more than 1 MiB; let a service answer with it");
    }
    return new HttpAction.DirectResponse(
        r.integer("status", 200, 200, 599), body == null ? "" : body);
  }

  private static HttpMatch match(TreeReader r) {
    r.unsupported("statPrefix", Shape.TEXT, "routes have no statistics of their own");
    String namespace = r.string("sourceNamespace");
    NameChecks.namespace(r, "sourceNamespace", namespace);
    List<String> gateways = r.strings("gateways");
    NameChecks.gateways(r, "gateways", gateways);
    return new HttpMatch(
        r.string("name"),
        MatchParser.field(r, "uri"),
        words(r, "scheme"),
        words(r, "method"),
        words(r, "authority"),
        headers(r, "headers", false),
        headers(r, "withoutHeaders", true),
        words(r, "queryParams", MatchParser.map(r, "queryParams", false)),
        r.bool("ignoreUriCase", false),
        r.integer("port", 0, 1, 65535),
        NameChecks.labels(r, "sourceLabels"),
        namespace,
        gateways);
  }

  /** A match of something that is never empty. */
  private static @Nullable StringMatch words(TreeReader r, String key) {
    StringMatch match = MatchParser.field(r, key);
    if (match instanceof StringMatch.Prefix prefix && prefix.value().isEmpty()) {
      r.error(key + ".prefix", "an empty prefix matches everything: take the match away");
    }
    return match;
  }

  private static Map<String, StringMatch> words(
      TreeReader r, String key, Map<String, StringMatch> matches) {
    matches.forEach(
        (name, match) -> {
          if (match instanceof StringMatch.Prefix prefix && prefix.value().isEmpty()) {
            r.error(
                key + "." + name + ".prefix",
                "an empty prefix matches everything: write {} for that");
          }
        });
    return matches;
  }

  private static Map<String, StringMatch> headers(TreeReader r, String key, boolean star) {
    Map<String, StringMatch> headers = words(r, key, MatchParser.map(r, key, star));
    headers.keySet().forEach(name -> NameChecks.matched(r, key, name));
    return headers;
  }

  private static WeightedDestination weighted(TreeReader r) {
    return weighted(r, headers(r));
  }

  /** A destination of bytes, which have no headers. */
  static WeightedDestination ofBytes(TreeReader r) {
    return weighted(r, HeaderOperations.NONE);
  }

  private static WeightedDestination weighted(TreeReader r, HeaderOperations headers) {
    return new WeightedDestination(
        destinationOf(r), r.integer("weight", 0, 0, Integer.MAX_VALUE), headers);
  }

  private static Destination destinationOf(TreeReader r) {
    r.required("destination");
    Destination destination = r.object("destination", VirtualServiceParser::destination);
    if (destination == null) {
      r.error("destination", "a destination with a host is needed");
      return new Destination("", "", 0);
    }
    return destination;
  }

  /** A service, and which port and subset of it. */
  static Destination destination(TreeReader r) {
    Integer port = r.object("port", VirtualServiceParser::portNumber);
    r.required("host");
    String host = r.string("host");
    if (host.isEmpty()) {
      r.error("host", "a host is needed");
    }
    NameChecks.destination(r, "host", host);
    String subset = r.string("subset");
    if (!subset.isEmpty()) {
      NameChecks.subset(r, "subset", subset);
    }
    return new Destination(host, subset, port == null ? 0 : port);
  }

  private static int portNumber(TreeReader r) {
    if (!r.has("number")) {
      r.error("number", "a port number is needed; or take port away");
    }
    return r.integer("number", 0, 1, 65535);
  }

  private static HeaderOperations headers(TreeReader r) {
    HeaderOperations operations =
        r.object(
            "headers",
            h -> {
              HeaderChanges request = h.object("request", c -> changes(c, true));
              HeaderChanges response = h.object("response", c -> changes(c, false));
              return new HeaderOperations(
                  request == null ? HeaderChanges.NONE : request,
                  response == null ? HeaderChanges.NONE : response);
            });
    return operations == null ? HeaderOperations.NONE : operations;
  }

  private static HeaderChanges changes(TreeReader r, boolean request) {
    HeaderChanges changes =
        new HeaderChanges(r.stringMap("set"), r.stringMap("add"), r.strings("remove"));
    RouteChecks.values(r, "set", changes.set(), request);
    RouteChecks.values(r, "add", changes.add(), false);
    changes.remove().forEach(name -> RouteChecks.name(r, "remove", name));
    return changes;
  }

  private static Rewrite rewrite(TreeReader r) {
    Rewrite regex =
        r.object(
            "uriRegexRewrite",
            x -> {
              if (!x.has("rewrite")) {
                x.error("rewrite", "what takes the place of the match is needed");
              }
              MatchParser.checkRegex(x, "match", x.string("match"));
              RouteChecks.references(x, "rewrite", x.string("match"), x.string("rewrite"));
              return new Rewrite("", "", x.string("match"), x.string("rewrite"));
            });
    RouteChecks.oneOf(r, "uri", "authority", "uriRegexRewrite");
    if (regex != null && r.has("uri")) {
      r.error("uriRegexRewrite", "cannot stand beside uri; keep one");
    }
    return new Rewrite(
        RouteChecks.plain(r, "uri"),
        RouteChecks.plain(r, "authority"),
        regex == null ? "" : regex.regexMatch(),
        regex == null ? "" : regex.regexRewrite());
  }

  private static Fault fault(TreeReader r) {
    Fault.Delay delay =
        r.object(
            "delay",
            d -> {
              Duration fixed = RouteChecks.length(d, "fixedDelay");
              d.refused(
                  "exponentialDelay", Shape.TEXT, "only fixed delays are made: use fixedDelay");
              if (!d.has("exponentialDelay") && !d.has("fixedDelay")) {
                d.error("fixedDelay", "a duration is needed");
              }
              return new Fault.Delay(
                  fixed == null ? Duration.ZERO : fixed,
                  percentage(d, d.optionalInteger("percent", 0, 100)));
            });
    Fault.Abort abort =
        r.object(
            "abort",
            a -> {
              a.refused("http2Error", Shape.TEXT, "streams are not reset: use httpStatus");
              boolean status = a.has("httpStatus") || !a.string("grpcStatus").isEmpty();
              if (!status && !a.has("http2Error")) {
                a.error("httpStatus", "a status from 200 to 599, or a grpcStatus, is needed");
              }
              return new Fault.Abort(
                  a.integer("httpStatus", 0, 200, 599),
                  RouteChecks.grpcStatus(a, "grpcStatus"),
                  percentage(a, null));
            });
    RouteChecks.oneOf(r, "delay", "abort");
    return new Fault(delay, abort);
  }

  /** {@code percentage.value}, else what an older field says, else 100. */
  private static double percentage(TreeReader r, @Nullable Integer old) {
    Double value = r.object("percentage", p -> p.optionalNumber("value", 0, 100));
    if (value != null) {
      if (value > 0 && value < MIN_PERCENT) {
        r.error("percentage.value", "0, or at least " + MIN_PERCENT + " is needed");
      }
      return value;
    }
    // Protobuf leaves zeros out: an empty object means 0.
    return r.has("percentage") ? 0 : old != null ? old : 100;
  }

  private static List<Mirror> mirrors(TreeReader r) {
    List<Mirror> mirrors = new ArrayList<>();
    Destination one = r.object("mirror", VirtualServiceParser::destination);
    Double share = r.object("mirrorPercentage", p -> p.optionalNumber("value", 0, 100));
    Integer older = r.optionalInteger("mirror_percent", 0, 100);
    Integer old = r.optionalInteger("mirrorPercent", 0, 100);
    int whole = old != null ? old : older != null ? older : 100;
    if (one != null) {
      mirrors.add(new Mirror(one, share != null ? share : whole));
    }
    mirrors.addAll(r.objects("mirrors", m -> new Mirror(destinationOf(m), percentage(m, null))));
    return mirrors;
  }
}
