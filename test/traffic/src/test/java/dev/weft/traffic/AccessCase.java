package dev.weft.traffic;

import java.util.List;

/**
 * A policy of {@code web}, and who may come in by it.
 *
 * @param policy the fields of {@code spec}: YAML
 * @param comesIn requests that are answered by the application
 * @param staysOut requests that are not
 */
record AccessCase(String name, String policy, List<Ask> comesIn, List<Ask> staysOut) {
  AccessCase {
    comesIn = List.copyOf(comesIn);
    staysOut = List.copyOf(staysOut);
  }

  /**
   * A request.
   *
   * @param from the pod that sends it
   */
  record Ask(String from, String method, String path, List<String> headers) {
    Ask {
      headers = List.copyOf(headers);
    }
  }

  /** By a client in the same namespace. */
  static Ask get(String path, String... headers) {
    return new Ask("client-1", "GET", path, List.of(headers));
  }

  static Ask send(String method, String path) {
    return new Ask("client-1", method, path, List.of());
  }

  /** By a client in another namespace. */
  static Ask guest(String path) {
    return new Ask("guest-1", "GET", path, List.of());
  }

  /** By somebody without a proxy. */
  static Ask stranger(String path) {
    return new Ask("", "GET", path, List.of());
  }

  private static AccessCase rule(String name, String rule, List<Ask> comesIn, List<Ask> staysOut) {
    return new AccessCase(name, "rules: [" + rule + "]", comesIn, staysOut);
  }

  private static AccessCase from(
      String name, String source, List<Ask> comesIn, List<Ask> staysOut) {
    return rule(name, "{from: [{source: {" + source + "}}]}", comesIn, staysOut);
  }

  private static AccessCase to(
      String name, String operation, List<Ask> comesIn, List<Ask> staysOut) {
    return rule(name, "{to: [{operation: {" + operation + "}}]}", comesIn, staysOut);
  }

  private static AccessCase when(
      String name, String condition, List<Ask> comesIn, List<Ask> staysOut) {
    return rule(name, "{when: [{" + condition + "}]}", comesIn, staysOut);
  }

  /** One for each field. */
  static List<AccessCase> all() {
    Ask mine = get("/");
    Ask theirs = guest("/");
    Ask stranger = stranger("/");
    return List.of(
        new AccessCase("nothing allows", "{}", List.of(), List.of(mine, theirs, stranger)),
        rule("anything allows", "{}", List.of(mine, theirs, stranger), List.of()),
        new AccessCase(
            "a rule denies",
            "{action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}",
            List.of(mine, get("/admins")),
            List.of(get("/admin"), get("/x/../admin"), get("/./admin?q"), get("//../admin"))),
        new AccessCase(
            "CUSTOM names nobody whom one could ask",
            "{action: CUSTOM, provider: {name: p}, rules: [{to: [{operation: {paths: [/admin]}}]}]}",
            List.of(mine),
            List.of(get("/admin"))),
        new AccessCase(
            "AUDIT lets everything in",
            "{action: AUDIT, rules: [{to: [{operation: {paths: [/admin]}}]}]}",
            List.of(mine, get("/admin")),
            List.of()),
        from(
            "principals",
            "principals: [cluster.local/ns/shop/sa/client]",
            List.of(mine),
            List.of(theirs, stranger)),
        from("any principal", "principals: ['*']", List.of(mine, theirs), List.of(stranger)),
        from(
            "principals by their ends",
            "principals: ['*/ns/bank/sa/client', 'cluster.local/ns/x*']",
            List.of(theirs),
            List.of(mine, stranger)),
        from(
            "notPrincipals",
            "notPrincipals: [cluster.local/ns/shop/sa/client]",
            List.of(theirs, stranger),
            List.of(mine)),
        from("namespaces", "namespaces: [bank]", List.of(theirs), List.of(mine, stranger)),
        from("namespaces by a star", "namespaces: ['sh*']", List.of(mine), List.of(theirs)),
        from("notNamespaces", "notNamespaces: [bank]", List.of(mine, stranger), List.of(theirs)),
        from("serviceAccounts", "serviceAccounts: [client]", List.of(mine), List.of(theirs)),
        from(
            "serviceAccounts of a namespace",
            "serviceAccounts: [bank/client]",
            List.of(theirs),
            List.of(mine)),
        from(
            "notServiceAccounts",
            "notServiceAccounts: [bank/client]",
            List.of(mine),
            List.of(theirs)),
        from("trustDomains", "trustDomains: [cluster.local]", List.of(mine), List.of(stranger)),
        from(
            "notTrustDomains",
            "notTrustDomains: [cluster.local]",
            List.of(stranger),
            List.of(mine)),
        from("ipBlocks", "ipBlocks: [127.0.0.0/8]", List.of(mine, stranger), List.of()),
        from("other ipBlocks", "ipBlocks: [10.0.0.0/8, 1.2.3.4]", List.of(), List.of(mine)),
        from("notIpBlocks", "notIpBlocks: [127.0.0.1]", List.of(), List.of(mine)),
        from(
            "remoteIpBlocks",
            "remoteIpBlocks: [10.1.0.0/16]",
            List.of(
                get("/", "x-forwarded-for: 10.1.2.3"),
                get("/", "x-forwarded-for: 9.9.9.9, 10.1.2.3")),
            List.of(mine, get("/", "x-forwarded-for: 10.1.2.3, 9.9.9.9"))),
        from(
            "notRemoteIpBlocks",
            "notRemoteIpBlocks: [10.1.0.0/16]",
            List.of(mine),
            List.of(get("/", "x-forwarded-for: 10.1.2.3"))),
        to(
            "hosts",
            "hosts: ['web.shop', '*.example', 'a.*']",
            List.of(
                mine,
                get("/", "host: WEB.shop"),
                get("/", "host: x.example"),
                get("/", "host: a.b")),
            List.of(get("/", "host: web.shop.svc"))),
        to(
            "notHosts",
            "notHosts: [web.shop]",
            List.of(get("/", "host: web.shop.svc")),
            List.of(mine, get("/", "host: Web.Shop"))),
        to("ports", "ports: ['8080']", List.of(mine), List.of()),
        to("other ports", "ports: ['8081', '80']", List.of(), List.of(mine)),
        to("notPorts", "notPorts: ['8080']", List.of(), List.of(mine)),
        to(
            "methods",
            "methods: [GET, 'P*']",
            List.of(mine, send("PUT", "/")),
            List.of(send("DELETE", "/"))),
        to("notMethods", "notMethods: [DELETE]", List.of(mine), List.of(send("DELETE", "/"))),
        to(
            "paths",
            "paths: [/a, '/b/*', '*.png']",
            List.of(get("/a"), get("/a?q=/c"), get("/b/c"), get("/c/d.png")),
            List.of(get("/a/"), get("/b"), get("/c"), get("/A"), get("/b/../c"))),
        to(
            "templates of paths",
            "paths: ['/a/{*}/c', '/d/{**}']",
            List.of(get("/a/b/c"), get("/d/"), get("/d/e/f?q")),
            List.of(get("/a/c"), get("/a/b/b/c"), get("/d"), get("/a/b/c/d"))),
        to(
            "notPaths",
            "notPaths: ['/a*']",
            List.of(get("/b")),
            List.of(get("/a"), get("/b/../ab"))),
        when(
            "a header",
            "key: 'request.headers[X-Tier]', values: [gold, 'sil*']",
            List.of(get("/", "x-tier: gold"), get("/", "x-tier: silver")),
            List.of(mine, get("/", "x-tier: bronze"))),
        when(
            "no header",
            "key: 'request.headers[x-tier]', notValues: ['*']",
            List.of(mine),
            List.of(get("/", "x-tier: gold"))),
        when("source.ip", "key: source.ip, values: [127.0.0.1/32]", List.of(mine), List.of()),
        when(
            "remote.ip",
            "key: remote.ip, values: [10.1.2.3]",
            List.of(get("/", "x-forwarded-for: 10.1.2.3")),
            List.of(mine)),
        when(
            "source.namespace",
            "key: source.namespace, values: [bank]",
            List.of(theirs),
            List.of(mine)),
        when(
            "source.serviceAccount",
            "key: source.serviceAccount, values: [bank/client]",
            List.of(theirs),
            List.of(mine)),
        when(
            "source.trustDomain",
            "key: source.trustDomain, values: [cluster.local]",
            List.of(mine),
            List.of(stranger)),
        when(
            "source.principal",
            "key: source.principal, values: [cluster.local/ns/bank/sa/client]",
            List.of(theirs),
            List.of(mine)),
        when(
            "destination.ip",
            "key: destination.ip, values: [127.0.0.0/8]",
            List.of(mine),
            List.of()),
        when(
            "another destination.ip",
            "key: destination.ip, notValues: [127.0.0.0/8]",
            List.of(),
            List.of(mine)),
        when(
            "destination.port",
            "key: destination.port, values: ['8080']",
            List.of(mine),
            List.of()),
        when(
            "connection.sni",
            "key: connection.sni, values: ['*.web.shop.svc.cluster.local']",
            List.of(mine),
            List.of(stranger)),
        rule(
            "from, to and when together",
            "{from: [{source: {namespaces: [bank]}}, {source: {namespaces: [shop]}}], to:"
                + " [{operation: {methods: [GET], paths: [/a]}}, {operation: {paths: [/b]}}], when:"
                + " [{key: source.ip, values: [127.0.0.1]}]}",
            List.of(get("/a"), guest("/b"), send("PUT", "/b")),
            List.of(send("PUT", "/a"), get("/c"), stranger("/a"))));
  }
}
