package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** What a VirtualService chooses and changes. */
final class RoutingFeatures {
  private static final String V1 =
      "route: [{destination: {host: web, subset: v1, port: {number: 8000}}}]";
  private static final String V2 =
      "route: [{destination: {host: web, subset: v2, port: {number: 8000}}}]";

  private RoutingFeatures() {}

  /** Requests that match go to v1, the others to v2. */
  private static Feature match(String name, String match, Feature.Check check) {
    return Feature.route(name, "{match: [" + match + "], " + V1 + "}, {" + V2 + "}", check);
  }

  private static void goesTo(String version, Client.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.pod()).startsWith("web-" + version);
  }

  private static String object(String name, String spec) {
    return "- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: "
        + name
        + ", namespace: shop}, spec: {"
        + spec
        + "}}\n";
  }

  static List<Feature> all() {
    return List.of(
        match(
            "uri: exact, prefix and regex",
            "{uri: {exact: /exact}}, {uri: {prefix: /pre}}, {uri: {regex: '/r/[0-9]+'}}",
            client -> {
              goesTo("v1", client.get("/exact"));
              goesTo("v2", client.get("/exactly"));
              goesTo("v1", client.get("/prefix"));
              goesTo("v1", client.get("/r/12"));
              goesTo("v2", client.get("/r/12a"));
              goesTo("v2", client.get("/EXACT"));
            }),
        match(
            "ignoreUriCase",
            "{uri: {exact: /Exact}, ignoreUriCase: true}",
            client -> {
              goesTo("v1", client.get("/eXACT"));
              goesTo("v2", client.get("/other"));
            }),
        match("scheme", "{scheme: {exact: https}}", client -> goesTo("v2", client.get("/"))),
        match(
            "method",
            "{method: {exact: DELETE}}",
            client -> {
              goesTo("v1", client.send("DELETE", "/"));
              goesTo("v2", client.get("/"));
            }),
        match(
            "authority",
            "{authority: {exact: web.shop.svc.cluster.local}}",
            client -> {
              goesTo("v1", client.get("/", "host: web.shop.svc.cluster.local"));
              goesTo("v2", client.get("/"));
            }),
        match(
            "headers: exact, prefix, regex and present",
            "{headers: {x-a: {exact: one}}}, {headers: {x-b: {prefix: tw}}}, {headers: {x-c: {regex: 't.*e'}}},"
                + " {headers: {x-d: {}}}",
            client -> {
              goesTo("v1", client.get("/", "x-a: one"));
              goesTo("v2", client.get("/", "x-a: ones"));
              goesTo("v1", client.get("/", "x-b: two"));
              goesTo("v1", client.get("/", "x-c: three"));
              goesTo("v1", client.get("/", "x-d: "));
              goesTo("v2", client.get("/"));
            }),
        match(
            "withoutHeaders",
            "{withoutHeaders: {x-bot: {exact: '1'}}}",
            client -> {
              goesTo("v1", client.get("/"));
              goesTo("v1", client.get("/", "x-bot: 2"));
              goesTo("v2", client.get("/", "x-bot: 1"));
            }),
        match(
            "queryParams",
            "{queryParams: {q: {exact: v}}}, {queryParams: {r: {regex: '[0-9]+'}}}",
            client -> {
              goesTo("v1", client.get("/?q=v"));
              goesTo("v2", client.get("/?q=w"));
              goesTo("v1", client.get("/?a=b&r=12"));
            }),
        match(
            "sourceLabels and sourceNamespace",
            "{sourceLabels: {tier: gold}, sourceNamespace: shop, uri: {prefix: /gold}},"
                + " {sourceLabels: {tier: silver}, uri: {prefix: /silver}}, {sourceNamespace: other, uri: {prefix: /o}}",
            client -> {
              goesTo("v1", client.get("/gold"));
              goesTo("v2", client.get("/silver"));
              goesTo("v2", client.get("/o"));
            }),
        match(
            "port, and a destination with another one",
            "{port: 9000}",
            client -> {
              try (Client.Conversation alternative = client.talk(9000)) {
                Client.Answer answer = alternative.get("/");
                goesTo("v1", answer);
                assertThat(answer.header("x-port")).isEqualTo("8080");
              }
              goesTo("v2", client.get("/"));
            }),
        new Feature(
            "delegate: a team's rules below the platform's",
            object(
                    "web",
                    "hosts: [web], http: [{match: [{uri: {prefix: /team}}], delegate: {name: team}},"
                        + " {"
                        + V2
                        + "}]")
                + object(
                    "team",
                    "http: [{match: [{uri: {prefix: /team/a}}], "
                        + V1
                        + "}, {match: [{uri: {prefix: /b}}], "
                        + V1
                        + "}]")
                + Feature.rule("web", Feature.SUBSETS.strip()),
            client -> {
              goesTo("v1", client.get("/team/a"));
              goesTo("v2", client.get("/team/b"));
              goesTo("v2", client.get("/b"));
            }),
        match(
            "gateways",
            "{gateways: [edge], uri: {prefix: /}}",
            client -> goesTo("v2", client.get("/"))),
        Feature.route(
            "rewrite of prefix and authority",
            "{match: [{uri: {prefix: /old/}}], rewrite: {uri: /new/, authority: inner.example}, "
                + V1
                + "}",
            client -> {
              Client.Answer answer = client.get("/old/thing?q=1");
              assertThat(answer.line()).isEqualTo("GET /new/thing?q=1 HTTP/1.1");
              assertThat(answer.received()).contains("host: inner.example\r\n");
            }),
        Feature.route(
            "uriRegexRewrite",
            "{rewrite: {uriRegexRewrite: {match: '^/re/(.*)/x', rewrite: '/\\1'}}, " + V1 + "}",
            client -> assertThat(client.get("/re/a/x").line()).isEqualTo("GET /a HTTP/1.1")),
        Feature.route(
            "redirect",
            "{redirect: {uri: /there, authority: other.example, scheme: https, port: 8443, redirectCode: 307}}",
            client -> {
              Client.Answer answer = client.get("/here");
              assertThat(answer.status()).isEqualTo(307);
              assertThat(answer.header("location")).isEqualTo("https://other.example:8443/there");
            }),
        Feature.route(
            "directResponse",
            "{directResponse: {status: 418, body: {string: short and stout}}}",
            client -> {
              Client.Answer answer = client.get("/");
              assertThat(answer.status()).isEqualTo(418);
              assertThat(answer.body()).isEqualTo("short and stout");
            }),
        Feature.route(
            "headers of requests and responses, by route and by destination",
            "{headers: {request: {set: {x-set: a, host: set.example}, add: {x-add: b}, remove: [x-gone]},"
                + " response: {remove: [x-secret], set: {x-route: r}}}, route: [{destination: {host: web, subset: v1,"
                + " port: {number: 8000}}, headers: {request: {add: {x-by: destination}}, response: {add: {x-shard: one}}}}]}",
            client -> {
              Client.Answer answer = client.get("/", "x-gone: 1", "x-set: 0", "x-add: a");
              assertThat(answer.received())
                  .contains("x-set: a\r\n", "x-add: a\r\n", "x-add: b\r\n", "x-by: destination\r\n")
                  .contains("host: set.example\r\n")
                  .doesNotContain("x-gone", "x-set: 0");
              assertThat(answer.header("x-route")).isEqualTo("r");
              assertThat(answer.header("x-shard")).isEqualTo("one");
              assertThat(answer.header("x-secret")).isEmpty();
            }),
        Feature.route(
            "a destination's own Host",
            "{route: [{destination: {host: web, subset: v1, port: {number: 8000}}, headers: {request: {set:"
                + " {Host: destination.example}}}}]}",
            client ->
                assertThat(client.get("/").received()).contains("host: destination.example\r\n")),
        Feature.route(
            "weights between subsets and services",
            "{route: [{destination: {host: web, subset: v1, port: {number: 8000}}, weight: 60},"
                + " {destination: {host: web, subset: v2, port: {number: 8000}}, weight: 20},"
                + " {destination: {host: other}, weight: 20}, {destination: {host: half}, weight: 0}]}",
            client -> {
              Map<String, Integer> times = client.times(1_000, "/");
              assertThat(times.keySet()).containsExactly("other-1", "web-v1", "web-v2a", "web-v2b");
              assertThat(times.get("web-v1")).isBetween(540, 660);
              assertThat(times.get("other-1")).isBetween(150, 250);
            }),
        Feature.route(
            "a subset that nobody defined, and one without pods",
            "{match: [{uri: {prefix: /unknown}}], route: [{destination: {host: web, subset: v9, port: {number: 8000}}}]},"
                + " {route: [{destination: {host: other, subset: none}}]}",
            client -> {
              assertThat(client.get("/unknown").status()).isEqualTo(503);
              assertThat(client.get("/").status()).isEqualTo(503);
            }),
        new Feature(
            "exportTo hides routes and policies",
            "- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: web, namespace: other},"
                + " spec: {hosts: [web.shop.svc.cluster.local], exportTo: [.], http: [{directResponse: {status: 418}}]}}\n"
                + "- {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: web, namespace: other},"
                + " spec: {host: web.shop.svc.cluster.local, exportTo: [.], trafficPolicy: {tls: {mode: SIMPLE}}}}\n",
            client -> assertThat(client.get("/").status()).isEqualTo(200)),
        new Feature(
            "a rule for other clients",
            "- {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: web, namespace: shop},"
                + " spec: {host: web, workloadSelector: {matchLabels: {tier: silver}}, trafficPolicy: {tls: {mode: SIMPLE}}}}\n",
            client -> assertThat(client.get("/").status()).isEqualTo(200)),
        Feature.route(
            "corsPolicy",
            "{corsPolicy: {allowOrigins: [{exact: 'https://a.example'}], allowMethods: [GET, PUT], allowHeaders: [x-h],"
                + " exposeHeaders: [x-pod], maxAge: 60s, allowCredentials: true}, "
                + V1
                + "}",
            client -> {
              Client.Answer preflight =
                  client.send(
                      "OPTIONS",
                      "/",
                      "origin: https://a.example",
                      "access-control-request-method: PUT");
              assertThat(preflight.status()).isEqualTo(200);
              assertThat(preflight.pod()).isEmpty();
              assertThat(preflight.header("access-control-allow-methods")).isEqualTo("GET,PUT");
              assertThat(preflight.header("access-control-max-age")).isEqualTo("60");
              Client.Answer answer = client.get("/", "origin: https://a.example");
              goesTo("v1", answer);
              assertThat(answer.header("access-control-allow-origin"))
                  .isEqualTo("https://a.example");
              assertThat(answer.header("access-control-expose-headers")).isEqualTo("x-pod");
              assertThat(
                      client
                          .get("/", "origin: https://b.example")
                          .header("access-control-allow-origin"))
                  .isEmpty();
            }));
  }
}
