package dev.weft.traffic;

/**
 * Something that users can write into a VirtualService or a DestinationRule, and what it has to do,
 * wherever the endpoints are.
 *
 * @param objects what users write: a YAML list
 */
record Feature(String name, String objects, Check check) {

  /** Calls and expectations. */
  @FunctionalInterface
  interface Check {
    void by(Client client);
  }

  static final String SUBSETS =
      """
      subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
      """;

  /** Routes of {@code web}, beside subsets by version. */
  static Feature route(String name, String http, Check check) {
    return new Feature(name, virtualService("web", http) + rule("web", SUBSETS.strip()), check);
  }

  /** A DestinationRule of {@code web}, beside routes that leave failures as they are. */
  static Feature policy(String name, String spec, Check check) {
    return new Feature(
        name,
        virtualService(
                "web",
                "{route: [{destination: {host: web, port: {number: 8000}}}], retries: {attempts: 0}}")
            + rule("web", spec),
        check);
  }

  static String virtualService(String host, String http) {
    return "- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: "
        + host
        + ", namespace: shop}, spec: {hosts: ["
        + host
        + "], http: ["
        + http
        + "]}}\n";
  }

  static String rule(String host, String spec) {
    return "- {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: "
        + host
        + ", namespace: shop}, spec: {host: "
        + host
        + ", "
        + spec
        + "}}\n";
  }

  @Override
  public String toString() {
    return name;
  }
}
