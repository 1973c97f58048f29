package dev.weft.config;

import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.AuthorizationPolicy.Values;
import dev.weft.types.Cidr;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Istio refuses of the values in policies. Istio: pkg/config/security/security.go; Envoy:
 * source/extensions/path/uri_template_lib.
 */
final class PolicyChecks {
  /** Fields of a source. */
  static final List<String> NOT_FOR_CUSTOM =
      List.of(
          "namespaces",
          "notNamespaces",
          "serviceAccounts",
          "notServiceAccounts",
          "principals",
          "notPrincipals",
          "requestPrincipals",
          "notRequestPrincipals");

  private static final String METADATA = "experimental.envoy.filters.";
  private static final Set<String> TEXTS =
      Set.of(
          "source.namespace",
          "source.serviceAccount",
          "source.trustDomain",
          "source.principal",
          "request.auth.principal",
          "request.auth.audiences",
          "request.auth.presenter",
          "connection.sni");
  private static final Set<String> ADDRESSES = Set.of("source.ip", "remote.ip", "destination.ip");
  private static final Pattern NAMED =
      Pattern.compile(
          "request\\.(inline\\.)?headers\\[[^\\[\\]]+]|request\\.auth\\.claims(\\[[^\\[\\]]+])+");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int MOST_PORT = 65535;
  private static final int LONGEST_ACCOUNT = 320;
  private static final String SEGMENT = "{*}";
  private static final String REST = "{**}";

  private PolicyChecks() {}

  static void addresses(TreeReader r, String key, List<String> values) {
    for (String value : values) {
      if (!Cidr.isAddress(value) && Cidr.parse(value).isEmpty()) {
        r.error(key, "'" + value + "' is neither an IP address nor a range such as 10.0.0.0/8");
      }
    }
  }

  static void ports(TreeReader r, String key, List<String> values) {
    for (String value : values) {
      if (!PORT.matcher(value).matches() || Integer.parseInt(value) > MOST_PORT) {
        r.error(key, "'" + value + "' is no port: a number from 0 to 65535 is needed");
      }
    }
  }

  static void serviceAccounts(TreeReader r, String key, List<String> values) {
    for (String value : values) {
      String[] parts = value.split("/", -1);
      boolean whole = parts.length <= 2 && List.of(parts).stream().noneMatch(String::isEmpty);
      if (!whole || value.contains("*") || value.length() > LONGEST_ACCOUNT) {
        r.error(
            key, "'" + value + "' is no service account: write name or namespace/name, without *");
      }
    }
  }

  static void paths(TreeReader r, String key, List<String> values) {
    for (String value : values) {
      if (value.contains(SEGMENT) || value.contains(REST)) {
        template(r, key, value);
      } else if (value.length() > 1 && value.substring(1, value.length() - 1).contains("*")) {
        r.warning(
            "unsupported-field",
            key,
            "only at an end of '"
                + value
                + "' stands * for anything: elsewhere write {*} for a segment or {**} for all that"
                + " follows");
      }
    }
  }

  private static void template(TreeReader r, String key, String path) {
    boolean right = path.startsWith("/");
    boolean rest = false;
    for (String segment : path.substring(right ? 1 : 0).split("/", -1)) {
      boolean wild = segment.equals(SEGMENT) || segment.equals(REST);
      right &= wild ? !rest : segment.indexOf('*') < 0 && segment.indexOf('{') < 0;
      rest |= segment.equals(REST);
    }
    if (!right) {
      r.error(
          key,
          "'"
              + path
              + "' is no template: {*} stands for a whole segment, {**} for any number of them, and"
              + " after {**} nothing else does");
    }
  }

  static void attribute(TreeReader r, String key, Values values, Action action) {
    if (ADDRESSES.contains(key)) {
      addresses(r, "values", values.any());
      addresses(r, "notValues", values.none());
    } else if (key.equals("destination.port")) {
      ports(r, "values", values.any());
      ports(r, "notValues", values.none());
    } else if (key.startsWith(METADATA)) {
      r.error("key", "metadata of Envoy's filters is not kept, so nothing would match " + key);
    } else if (!TEXTS.contains(key) && !NAMED.matcher(key).matches()) {
      r.error(
          "key",
          "'"
              + key
              + "' is no attribute; there are "
              + String.join(", ", TEXTS.stream().sorted().toList())
              + ", destination.ip, destination.port, remote.ip, source.ip, request.headers[NAME],"
              + " request.auth.claims[NAME]");
    }
    if (key.equals("source.serviceAccount")) {
      serviceAccounts(r, "values", values.any());
      serviceAccounts(r, "notValues", values.none());
    }
    boolean identity =
        key.startsWith("request.auth.")
            || key.equals("source.principal")
            || key.equals("source.namespace")
            || key.equals("source.serviceAccount");
    if (action == Action.CUSTOM && identity) {
      r.error("key", "the action CUSTOM does not know " + key + "; match addresses instead");
    }
  }
}
