package dev.weft.control.status;

import static dev.weft.control.status.Schema.bool;
import static dev.weft.control.status.Schema.constants;
import static dev.weft.control.status.Schema.field;
import static dev.weft.control.status.Schema.integer;
import static dev.weft.control.status.Schema.labels;
import static dev.weft.control.status.Schema.list;
import static dev.weft.control.status.Schema.map;
import static dev.weft.control.status.Schema.number;
import static dev.weft.control.status.Schema.object;
import static dev.weft.control.status.Schema.port;
import static dev.weft.control.status.Schema.required;
import static dev.weft.control.status.Schema.string;
import static dev.weft.control.status.Schema.strings;

import dev.weft.control.status.Schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Schemas of the Istio kinds that have effect: the fields of the Istio API, so that typing errors
 * show.
 */
final class IstioSchemas {
  private IstioSchemas() {}

  private static Map<String, Object> match() {
    return object(field("exact", string()), field("prefix", string()), field("regex", string()));
  }

  private static Map<String, Object> percent() {
    return object(field("value", number()));
  }

  private static Map<String, Object> portNumber() {
    return object(field("number", port()));
  }

  private static Map<String, Object> destination() {
    return required(
        object(field("host", string()), field("subset", string()), field("port", portNumber())),
        "host");
  }

  private static Map<String, Object> headers() {
    Map<String, Object> changes =
        object(field("set", labels()), field("add", labels()), field("remove", strings()));
    return object(field("request", changes), field("response", changes));
  }

  private static Map<String, Object> weighted(Field... more) {
    return required(
        object(List.of(field("destination", destination()), field("weight", integer())), more),
        "destination");
  }

  private static Map<String, Object> httpMatch() {
    return object(
        field("name", string()),
        field("uri", match()),
        field("scheme", match()),
        field("method", match()),
        field("authority", match()),
        field("headers", map(match())),
        field("withoutHeaders", map(match())),
        field("queryParams", map(match())),
        field("ignoreUriCase", bool()),
        field("port", port()),
        field("sourceLabels", labels()),
        field("sourceNamespace", string()),
        field("gateways", strings()),
        field("statPrefix", string()));
  }

  private static Map<String, Object> fault() {
    return object(
        field(
            "delay",
            object(
                field("fixedDelay", string()),
                field("exponentialDelay", string()),
                field("percent", integer()),
                field("percentage", percent()))),
        field(
            "abort",
            object(
                field("httpStatus", integer()),
                field("grpcStatus", string()),
                field("http2Error", string()),
                field("percentage", percent()))));
  }

  private static Map<String, Object> httpRoute() {
    return object(
        field("name", string()),
        field("match", list(httpMatch())),
        field("route", list(weighted(field("headers", headers())))),
        field(
            "redirect",
            object(
                field("uri", string()),
                field("prefixRewrite", string()),
                field("authority", string()),
                field("scheme", string()),
                field("port", port()),
                field("derivePort", string()),
                field("redirectCode", integer()))),
        field(
            "directResponse",
            object(
                field("status", integer()),
                field("body", object(field("string", string()), field("bytes", string()))))),
        field("delegate", object(field("name", string()), field("namespace", string()))),
        field(
            "rewrite",
            object(
                field("uri", string()),
                field("authority", string()),
                field(
                    "uriRegexRewrite",
                    object(field("match", string()), field("rewrite", string()))))),
        field("timeout", string()),
        field(
            "retries",
            object(
                field("attempts", integer()),
                field("perTryTimeout", string()),
                field("retryOn", string()),
                field("retryRemoteLocalities", bool()),
                field("retryIgnorePreviousHosts", bool()),
                field("backoff", string()))),
        field("fault", fault()),
        field("mirror", destination()),
        field(
            "mirrors",
            list(object(field("destination", destination()), field("percentage", percent())))),
        field("mirrorPercent", integer()),
        field("mirror_percent", integer()),
        field("mirrorPercentage", percent()),
        field(
            "corsPolicy",
            object(
                field("allowOrigin", strings()),
                field("allowOrigins", list(match())),
                field("allowMethods", strings()),
                field("allowHeaders", strings()),
                field("exposeHeaders", strings()),
                field("maxAge", string()),
                field("allowCredentials", bool()),
                field("unmatchedPreflights", constants("UNSPECIFIED", "FORWARD", "IGNORE")))),
        field("headers", headers()));
  }

  private static Map<String, Object> l4Route(boolean tls) {
    List<Field> match =
        new ArrayList<>(
            List.of(
                field("destinationSubnets", strings()),
                field("port", port()),
                field("sourceLabels", labels()),
                field("sourceNamespace", string()),
                field("gateways", strings())));
    match.add(tls ? field("sniHosts", strings()) : field("sourceSubnet", string()));
    return object(field("match", list(object(match))), field("route", list(weighted())));
  }

  static Map<String, Object> virtualService() {
    return object(
        field("hosts", strings()),
        field("gateways", strings()),
        field("http", list(httpRoute())),
        field("tls", list(l4Route(true))),
        field("tcp", list(l4Route(false))),
        field("exportTo", strings()));
  }

  static Map<String, Object> gateway() {
    return object(
        field("selector", labels()),
        field(
            "servers",
            list(
                required(
                    object(
                        field(
                            "port",
                            required(
                                object(
                                    field("number", port()),
                                    field("protocol", string()),
                                    field("name", string()),
                                    field("targetPort", port())),
                                "number",
                                "protocol",
                                "name")),
                        field("bind", string()),
                        field("hosts", strings()),
                        field("name", string()),
                        field("defaultEndpoint", string()),
                        field("tls", serverTls())),
                    "port",
                    "hosts"))));
  }

  private static Map<String, Object> serverTls() {
    return object(
        field("httpsRedirect", bool()),
        field(
            "mode",
            constants(
                "PASSTHROUGH",
                "SIMPLE",
                "MUTUAL",
                "AUTO_PASSTHROUGH",
                "ISTIO_MUTUAL",
                "OPTIONAL_MUTUAL")),
        field("serverCertificate", string()),
        field("privateKey", string()),
        field("caCertificates", string()),
        field("caCrl", string()),
        field("credentialName", string()),
        field("credentialNames", strings()),
        field("caCertCredentialName", string()),
        field("insecureSkipVerify", bool()),
        field(
            "tlsCertificates",
            list(
                object(
                    field("serverCertificate", string()),
                    field("privateKey", string()),
                    field("caCertificates", string())))),
        field("subjectAltNames", strings()),
        field("verifyCertificateSpki", strings()),
        field("verifyCertificateHash", strings()),
        field("minProtocolVersion", string()),
        field("maxProtocolVersion", string()),
        field("cipherSuites", strings()));
  }

  static Map<String, Object> peerAuthentication() {
    Map<String, Object> mtls =
        object(field("mode", constants("UNSET", "DISABLE", "PERMISSIVE", "STRICT")));
    return object(
        field("selector", object(field("matchLabels", labels()))),
        field("mtls", mtls),
        field("portLevelMtls", map(mtls)));
  }
}
