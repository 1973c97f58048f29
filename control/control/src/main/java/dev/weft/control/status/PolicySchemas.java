package dev.weft.control.status;

import static dev.weft.control.status.Schema.bool;
import static dev.weft.control.status.Schema.constants;
import static dev.weft.control.status.Schema.field;
import static dev.weft.control.status.Schema.labels;
import static dev.weft.control.status.Schema.list;
import static dev.weft.control.status.Schema.object;
import static dev.weft.control.status.Schema.required;
import static dev.weft.control.status.Schema.string;
import static dev.weft.control.status.Schema.strings;

import dev.weft.control.status.Schema.Field;
import java.util.List;
import java.util.Map;

/** Schemas of Istio's policies of access: the fields of the Istio API. */
final class PolicySchemas {
  private PolicySchemas() {}

  private static List<Field> target() {
    Map<String, Object> reference =
        object(
            field("group", string()),
            field("kind", string()),
            field("name", string()),
            field("namespace", string()));
    return List.of(
        field("selector", object(field("matchLabels", labels()))),
        field("targetRef", reference),
        field("targetRefs", list(reference)));
  }

  private static Map<String, Object> source() {
    return object(
        field("principals", strings()),
        field("notPrincipals", strings()),
        field("requestPrincipals", strings()),
        field("notRequestPrincipals", strings()),
        field("namespaces", strings()),
        field("notNamespaces", strings()),
        field("serviceAccounts", strings()),
        field("notServiceAccounts", strings()),
        field("trustDomains", strings()),
        field("notTrustDomains", strings()),
        field("ipBlocks", strings()),
        field("notIpBlocks", strings()),
        field("remoteIpBlocks", strings()),
        field("notRemoteIpBlocks", strings()));
  }

  private static Map<String, Object> operation() {
    return object(
        field("hosts", strings()),
        field("notHosts", strings()),
        field("ports", strings()),
        field("notPorts", strings()),
        field("methods", strings()),
        field("notMethods", strings()),
        field("paths", strings()),
        field("notPaths", strings()));
  }

  static Map<String, Object> authorizationPolicy() {
    Map<String, Object> condition =
        required(
            object(
                field("key", string()), field("values", strings()), field("notValues", strings())),
            "key");
    Map<String, Object> rule =
        object(
            field("from", list(object(field("source", source())))),
            field("to", list(object(field("operation", operation())))),
            field("when", list(condition)));
    return object(
        target(),
        field("action", constants("ALLOW", "DENY", "AUDIT", "CUSTOM")),
        field("provider", object(field("name", string()))),
        field("rules", list(rule)));
  }

  static Map<String, Object> requestAuthentication() {
    Map<String, Object> rule =
        object(
            field("issuer", string()),
            field("audiences", strings()),
            field("jwksUri", string()),
            field("jwks_uri", string()),
            field("jwks", string()),
            field(
                "fromHeaders",
                list(required(object(field("name", string()), field("prefix", string())), "name"))),
            field("fromParams", strings()),
            field("fromCookies", strings()),
            field("outputPayloadToHeader", string()),
            field(
                "outputClaimToHeaders",
                list(
                    required(
                        object(field("header", string()), field("claim", string())),
                        "header",
                        "claim"))),
            field("forwardOriginalToken", bool()),
            field("spaceDelimitedClaims", strings()),
            field("timeout", string()));
    return object(target(), field("jwtRules", list(rule)));
  }
}
