package dev.weft.config;

import static dev.weft.config.Shape.field;

import dev.weft.config.GatewayConfig.ClientChecks;
import dev.weft.config.GatewayConfig.Port;
import dev.weft.config.GatewayConfig.Protocol;
import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.GatewayConfig.ServerTls;
import dev.weft.types.Cidr;
import dev.weft.types.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io Gateway}. */
final class GatewayParser {
  private static final Set<String> OLD_VERSIONS = Set.of("TLSV1_0", "TLSV1_1");
  private static final String NOT_SERVED = "gateway-tls-not-served";
  private static final String TLS_SUPPORT = "TLS of this server is set up without it";

  private static final Pattern SPKI = Pattern.compile("[A-Za-z0-9+/]{43}=");
  private static final Pattern HASH = Pattern.compile("(?:[0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}");

  private static final Shape CERTIFICATES =
      new Shape.ListOf(
          Shape.Fields.of(
              field("serverCertificate", Shape.TEXT),
              field("privateKey", Shape.TEXT),
              field("caCertificates", Shape.TEXT)));

  private GatewayParser() {}

  static GatewayConfig read(ObjectMeta meta, TreeReader spec) {
    if (!Names.isLabel(meta.name())) {
      spec.error(
          "servers",
          "routes name gateways, and '"
              + meta.name()
              + "' is no name that they can write: take lower case letters, digits and '-'");
    }
    List<Server> servers = spec.objects("servers", GatewayParser::server);
    if (servers.isEmpty()) {
      spec.error("servers", "at least one server is needed");
    }
    Set<String> names = new HashSet<>();
    for (Server server : servers) {
      if (!server.port().name().isEmpty() && !names.add(server.port().name())) {
        spec.error(
            "servers",
            "two servers have a port of the name '"
                + server.port().name()
                + "', by which their routes are told apart: rename one");
      }
    }
    return new GatewayConfig(meta, spec.stringMap("selector"), servers);
  }

  private static @Nullable Server server(TreeReader r) {
    r.required("port", "hosts");
    Port port = r.object("port", GatewayParser::port);
    List<String> hosts = r.strings("hosts");
    hosts.forEach(host -> NameChecks.gatewayHost(r, "hosts", host));
    if (hosts.isEmpty()) {
      r.error("hosts", "at least one host is needed; * is all");
    }
    ServerTls tls = r.object("tls", GatewayParser::tls);
    String bind = r.string("bind");
    if (!bind.isEmpty() && !Cidr.isAddress(bind)) {
      r.error("bind", "'" + bind + "' is no IP address");
    }
    r.unsupported("name", Shape.TEXT, "statistics are not kept by server");
    r.unsupported(
        "defaultEndpoint",
        Shape.TEXT,
        "routes say where requests go; Istio does not read it either");
    if (port == null) {
      r.error("port", "a port is needed");
      return null;
    }
    boolean ends = port.protocol() == Protocol.HTTPS || port.protocol() == Protocol.TLS;
    if (tls != null && tls.httpsRedirect() && ends) {
      r.error("tls.httpsRedirect", "only plain requests can be sent to HTTPS: use protocol HTTP");
    }
    if (tls == null && (port.protocol() == Protocol.HTTPS || port.protocol() == Protocol.TLS)) {
      r.error("tls", "protocol " + port.protocol() + " needs tls settings");
    }
    if (tls != null) {
      ServerTlsChecks.protocol(r, port.protocol(), tls);
    }
    return new Server(port, bind, hosts, tls);
  }

  private static Port port(TreeReader r) {
    r.required("number", "protocol", "name");
    Protocol protocol = r.constantInAnyCase("protocol", Protocol.class);
    if (!r.has("number")) {
      r.error("number", "a port number is needed");
    }
    if (r.string("name").isEmpty()) {
      r.error("name", "a name is needed, by which the routes of servers are told apart");
    }
    if (r.integer("targetPort", 0, 0, 65535) > 0) {
      r.error(
          "targetPort",
          "it has no effect here: the Service of the gateway says to which port of its pods the"
              + " number leads");
    }
    return new Port(
        r.integer("number", 1, 1, 65535),
        r.string("name"),
        protocol == null ? Protocol.HTTP : protocol);
  }

  private static ServerTls tls(TreeReader r) {
    ServerTls.Mode mode = r.constant("mode", ServerTls.Mode.class);
    r.unsupported("tlsCertificates", CERTIFICATES, TLS_SUPPORT);
    r.unsupported(
        "insecureSkipVerify", Shape.Simple.FLAG, "clients with a wrong certificate are not let in");
    List<String> several = r.strings("credentialNames");
    String credential = r.string("credentialName", several.isEmpty() ? "" : several.getFirst());
    if (several.size() > 1) {
      r.warning(
          NOT_SERVED,
          "credentialNames",
          "a server shows one certificate, so "
              + several.getFirst()
              + " is used and the others are not: name one of a key that all clients know");
    }
    ServerTlsChecks.mode(r, mode);
    ServerTlsChecks.versions(r);
    for (String bound : List.of("minProtocolVersion", "maxProtocolVersion")) {
      if (OLD_VERSIONS.contains(r.string(bound))) {
        r.warning(
            NOT_SERVED, bound, "proxies of this mesh speak TLS 1.2 and 1.3: 1.2 is taken instead");
      }
    }
    return new ServerTls(
        mode == null ? ServerTls.Mode.PASSTHROUGH : mode,
        credential,
        r.string("serverCertificate"),
        r.string("privateKey"),
        r.string("caCertificates"),
        r.strings("subjectAltNames"),
        r.bool("httpsRedirect", false),
        r.string("minProtocolVersion"),
        r.string("maxProtocolVersion"),
        ServerTlsChecks.suites(r, "cipherSuites"),
        clients(r, mode));
  }

  private static ClientChecks clients(TreeReader r, ServerTls.@Nullable Mode mode) {
    List<String> spki = r.strings("verifyCertificateSpki");
    if (!spki.stream().allMatch(SPKI.asMatchPredicate())) {
      r.error(
          "verifyCertificateSpki", "SHA-256 of a public key in base64 is needed, 44 characters");
    }
    List<String> hashes = r.strings("verifyCertificateHash");
    if (!hashes.stream().allMatch(HASH.asMatchPredicate())) {
      r.error(
          "verifyCertificateHash",
          "SHA-256 of a certificate is needed, 64 hexadecimal digits, perhaps with colons");
    }
    ClientChecks checks =
        new ClientChecks(r.string("caCertCredentialName"), r.string("caCrl"), spki, hashes);
    boolean asks = mode == ServerTls.Mode.MUTUAL || mode == ServerTls.Mode.OPTIONAL_MUTUAL;
    if (!asks && !checks.equals(ClientChecks.NONE)) {
      r.warning(
          NOT_SERVED,
          "mode",
          "clients show no certificate in this mode, so nothing of it is checked: use MUTUAL or"
              + " OPTIONAL_MUTUAL, or take the fields for client certificates away");
    }
    return checks;
  }
}
