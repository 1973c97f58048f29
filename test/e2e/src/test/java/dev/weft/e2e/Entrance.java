package dev.weft.e2e;

import dev.weft.testkit.Settle;
import java.time.Duration;

/**
 * An entrance of cluster1 for clients outside of the mesh, with TLS, towards httpbin.
 *
 * @param address on the wan
 */
record Entrance(Lab lab, String address) implements AutoCloseable {
  private static final String HOST = "shop.example.com";
  private static final String MANIFEST =
      """
      apiVersion: istio.alibabacloud.com/v1beta1
      kind: IstioGateway
      metadata: {name: ingressgateway, namespace: istio-system}
      spec:
        gatewayType: ingress
        clusterIds: [cluster1]
        ports: [{name: https, port: 443, targetPort: 8443}]
      ---
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: {name: shop, namespace: default}
      spec:
        selector: {istio: ingressgateway}
        servers:
        - port: {number: 443, name: https, protocol: HTTPS}
          hosts: [shop.example.com]
          tls: {mode: SIMPLE, credentialName: shop}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: shop, namespace: default}
      spec:
        hosts: [shop.example.com]
        gateways: [shop]
        http: [{route: [{destination: {host: httpbin, port: {number: 8000}}}]}]
      """;

  static ServerCertificate certificate(Lab lab, String name) throws Exception {
    return ServerCertificate.of(HOST, lab.home().resolve("shop"), name);
  }

  /** Made, with its first certificate and an address. */
  static Entrance open(Lab lab, ServerCertificate certificate) {
    lab.kubectlWith(MANIFEST, "mesh", "apply -f -").orFail();
    new Entrance(lab, "").secret(certificate);
    String address =
        Settle.until(
            "the entrance has an address",
            Duration.ofSeconds(60),
            () ->
                lab.field(
                    "cluster1",
                    "-n istio-system service istio-ingressgateway --ignore-not-found",
                    ".status.loadBalancer.ingress[0].ip"),
            ip -> !ip.isEmpty());
    return new Entrance(lab, address);
  }

  /** Writes the Secret that the gateway names. */
  void secret(ServerCertificate certificate) {
    String secret =
        lab.kubectl(
                "cluster1",
                "-n istio-system create secret tls shop --dry-run=client -o yaml --cert="
                    + certificate.certificate()
                    + " --key="
                    + certificate.key())
            .orFail();
    lab.kubectlWith(secret, "cluster1", "apply -f -").orFail();
  }

  /** The code that a client on the wan gets who trusts this certificate alone; 000 for none. */
  String code(ServerCertificate trusted, String path) {
    return lab.onTheWan(
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--max-time",
            "10",
            "--cacert",
            trusted.certificate().toString(),
            "--resolve",
            HOST + ":443:" + address,
            "https://" + HOST + path)
        .run()
        .out();
  }

  @Override
  public void close() {
    lab.kubectlWith(MANIFEST, "mesh", "delete -f -").orFail();
  }
}
