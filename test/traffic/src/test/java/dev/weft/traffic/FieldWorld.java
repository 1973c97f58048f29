package dev.weft.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.runtime.TlsSecret;
import dev.weft.server.Origin;
import dev.weft.server.Pki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mesh in which fields are tried: {@code web} in two versions, {@code other}, {@code half} and
 * {@code dead}, which have pods that are not there, {@code bytes} and {@code wide} in two places,
 * {@code spans} that nobody takes, a gateway {@code edge} with Secrets, and an authority that it
 * and its clients have certificates of.
 */
final class FieldWorld implements AutoCloseable {
  /** The host that certificates of the gateway are for. */
  static final String HOST = "web.example";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String MESH =
      """
      mesh:
        accessLogFile: /dev/stdout
        accessLogFormat: istio-json
        extensionProviders: [{name: lines, envoyFileAccessLog: {logFormat: {text: "line of %REQ(:PATH)%"}}}, {name: zipkin, zipkin: {service: spans.shop.svc.cluster.local, port: 9411}}]
      credentials: CREDENTIALS
      clusters:
        c1:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: http-alt, port: 9000, targetPort: 8081}, {name: http-own, port: 9100, targetPort: 8081}]}
            - {name: other.shop, vip: 10.96.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: half.shop, vip: 10.96.0.3, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: dead.shop, vip: 10.96.0.4, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: bytes.shop, vip: 10.96.0.5, ports: [{name: tcp, port: 7000, targetPort: 8080}, {name: tls, port: 7443, targetPort: 8081}]}
            - {name: wide.shop, vip: 10.96.0.6, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: spans.shop, vip: 10.96.0.7, ports: [{name: http, port: 9411}]}
            - {name: edge.istio-system, vip: 10.96.0.9, ports: [{name: http, port: 8100}, {name: https, port: 8443}, {name: tcp, port: 8200}, {name: odd, port: 8300, targetPort: 8301}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9, labels: {tier: gold, istio-locality: r1.z1}}
            - {name: web-v1.shop, app: web, ip: NET.11, labels: {version: v1}}
            - {name: web-v2a.shop, app: web, ip: NET.21, labels: {version: v2}}
            - {name: web-v2b.shop, app: web, ip: NET.22, labels: {version: v2}}
            - {name: other-1.shop, app: other, ip: NET.31}
            - {name: half-1.shop, app: half, ip: NET.41}
            - {name: half-2.shop, app: half, ip: NET.42, dead: true}
            - {name: dead-1.shop, app: dead, ip: NET.51, dead: true}
            - {name: bytes-v1.shop, app: bytes, ip: NET.61, labels: {version: v1}}
            - {name: bytes-v2.shop, app: bytes, ip: NET.62, labels: {version: v2}}
            - {name: wide-1.shop, app: wide, ip: NET.71, labels: {istio-locality: r1.z1}}
            - {name: wide-2.shop, app: wide, ip: NET.72, labels: {istio-locality: r2.z1}}
            - {name: wide-3.shop, app: wide, ip: NET.73, labels: {istio-locality: r3.z1}}
            - {name: edge-1.istio-system, app: edge, ip: NET.200, injected: false, labels: {istio: edge}}
      """;

  private final Pki authority = new Pki();
  private final TlsSecret.KeyPair known = authority.host("known.example");
  private final TlsSecret.KeyPair stolen = authority.host("stolen.example");
  private final Path files;
  private final World mesh;
  private final Origin loopback;

  FieldWorld(Path files) {
    this.files = files;
    try {
      TlsSecret.KeyPair server = authority.host(HOST);
      String chain = pem("CERTIFICATE", server.chain().getFirst().getEncoded());
      String key = pem("PRIVATE KEY", server.key().getEncoded());
      String roots = pem("CERTIFICATE", authority.root().getEncoded());
      String none = pem("CERTIFICATE", new Pki().root().getEncoded());
      write("tls.crt", chain);
      write("tls.key", key);
      write("roots.pem", roots);
      write("crl.pem", pem("X509 CRL", authority.revoked(stolen.chain().getFirst()).getEncoded()));
      Map<String, Object> credentials = new LinkedHashMap<>();
      credentials.put("istio-system/cert", Map.of("chain", chain, "key", key));
      credentials.put("istio-system/cert-cacert", Map.of("roots", roots));
      credentials.put("istio-system/roots-cacert", Map.of("roots", roots));
      credentials.put("istio-system/second", Map.of("chain", chain, "key", key));
      credentials.put("istio-system/second-cacert", Map.of("roots", none));
      credentials.put("shop/client-cert", Map.of("chain", chain, "key", key));
      credentials.put("shop/client-cert-cacert", Map.of("roots", roots));
      this.mesh =
          new World(
              MESH.replace("CREDENTIALS", JSON.writeValueAsString(credentials)),
              files.resolve("proxies"));
      this.loopback =
          mesh.app.at("loopback", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String name, String text) {
    try {
      Files.createDirectories(files);
      Files.writeString(files.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }

  /** What stands for what is different from run to run in the files of cases. */
  Map<String, String> values() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] key = sha256.digest(known.chain().getFirst().getPublicKey().getEncoded());
      byte[] certificate = sha256.digest(known.chain().getFirst().getEncoded());
      Map<String, String> values = new TreeMap<>();
      Issuer bank = new Issuer("bank");
      String claims = "\"sub\":\"ann\",\"roles\":\"user admin\"";
      values.put("APP_OTHER", mesh.pod("other-1").application());
      values.put("POD_OTHER", mesh.pod("other-1").address());
      values.put("APP_HALF", mesh.pod("half-1").application());
      values.put("LOOP_PORT", String.valueOf(loopback.port()));
      values.put("FILES", files.toString());
      values.put("JWKS", bank.jwks());
      values.put("TOKEN", bank.token(claims));
      values.put("FORGED", new Issuer("bank").token(claims));
      values.put("KNOWN_KEY", Base64.getEncoder().encodeToString(key));
      values.put("KNOWN_HASH", HexFormat.of().formatHex(certificate));
      return values;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A client's certificate.
   *
   * @param name {@code known}, {@code stolen} or {@code stranger}
   */
  TlsSecret.KeyPair certificate(String name) {
    return switch (name) {
      case "known" -> known;
      case "stolen" -> stolen;
      case "stranger" -> new Pki().host("stranger.example");
      default -> throw new IllegalArgumentException("certificate " + name);
    };
  }

  World mesh() {
    return mesh;
  }

  @Override
  public void close() {
    mesh.close();
    loopback.close();
  }
}
