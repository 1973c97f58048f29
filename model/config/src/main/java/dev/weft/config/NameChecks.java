package dev.weft.config;

import dev.weft.types.Cidr;
import dev.weft.types.HeaderText;
import dev.weft.types.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What Istio refuses of names and labels. Istio: pkg/config/validation, pkg/config/labels. */
final class NameChecks {
  private static final int LONGEST_DOMAIN = 255;
  private static final Pattern DOMAIN =
      Pattern.compile(
          "\\*|(\\*\\.)?[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*\\.?");
  private static final Pattern QUALIFIED =
      Pattern.compile("([-A-Za-z0-9.]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Set<String> PSEUDO =
      Set.of(":method", ":scheme", ":authority", ":path", ":status");

  /** How headers are named that stand for claims of tokens. */
  static final String CLAIM = "@request.auth.claims";

  private NameChecks() {}

  /** A host name, perhaps with a wildcard at its front, or an IP address. */
  static void domain(TreeReader r, String key, String host) {
    boolean domain = host.length() <= LONGEST_DOMAIN && DOMAIN.matcher(host).matches();
    if (!domain && !Cidr.isAddress(host)) {
      r.error(
          key,
          "'" + host + "' is no host name; a wildcard stands at the front, as in *.example.com");
    }
  }

  /** The name of one host. */
  static void fqdn(TreeReader r, String key, String host) {
    if (host.startsWith("*") || host.length() > LONGEST_DOMAIN || !DOMAIN.matcher(host).matches()) {
      r.error(key, "'" + host + "' is neither an IP address nor the name of a host");
    }
  }

  static void portName(TreeReader r, String key, String name) {
    if (!Names.isLabel(name)) {
      r.error(
          key,
          "'" + name + "' is no name of a port: lower case letters, digits and '-', at most 63");
    }
  }

  /** A server name; those by which gateways of networks tell services apart are taken, too. */
  static void serverName(TreeReader r, String key, String host) {
    if (!host.startsWith("outbound_.")) {
      domain(r, key, host);
    }
  }

  /** A host of a Gateway: {@code host} or {@code namespace/host}. */
  static void gatewayHost(TreeReader r, String key, String written) {
    int slash = written.indexOf('/');
    String host = written.substring(slash + 1);
    String namespace = written.substring(0, Math.max(0, slash));
    boolean known = Set.of("*", ".").contains(namespace) || Names.isLabel(namespace);
    if (slash >= 0 && !known) {
      r.error(key, "'" + namespace + "' is no namespace: a name, '.' or '*' stands before the '/'");
    }
    if (!host.equals("*") && host.indexOf('.') < 0 && !Cidr.isAddress(host)) {
      r.error(key, "'" + host + "' is a short name, which gateways do not know; write it in full");
    } else {
      domain(r, key, host);
    }
  }

  /** The host of a destination. */
  static void destination(TreeReader r, String key, String host) {
    if (host.equals("*")) {
      r.error(key, "'*' is no host to send requests to");
    } else if (!host.isEmpty()) {
      domain(r, key, host);
    }
  }

  /** The names of clusters and the server names between networks are made of it. */
  static void subset(TreeReader r, String key, String name) {
    if (!Names.isLabel(name)) {
      r.error(
          key,
          "'" + name + "' is no name of a subset: lower case letters, digits and '-', at most 63");
    }
  }

  /** Gateways as routes name them: {@code mesh}, {@code name} or {@code namespace/name}. */
  static void gateways(TreeReader r, String key, List<String> names) {
    for (String name : names) {
      String[] parts = name.split("/", -1);
      boolean whole = parts.length == 2 && !parts[0].equals(".");
      boolean right =
          parts.length <= 2
              && (!whole || Names.isLabel(parts[0]))
              && DOMAIN.matcher(parts[parts.length - 1]).matches()
              && parts[parts.length - 1].indexOf('*') < 0;
      if (!right) {
        r.error(key, "'" + name + "' is no gateway: write mesh, NAME or NAMESPACE/NAME");
      }
    }
  }

  static void namespace(TreeReader r, String key, String name) {
    if (!name.isEmpty() && !Names.isLabel(name)) {
      r.error(key, "'" + name + "' is no name of a namespace");
    }
  }

  /** Labels that objects may have. */
  static Map<String, String> labels(TreeReader r, String key) {
    Map<String, String> labels = r.stringMap(key);
    labels.forEach(
        (name, value) -> {
          if (!QUALIFIED.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            r.error(key, "no object can have the label '" + name + ": " + value + "'");
          }
        });
    return labels;
  }

  /**
   * Labels of the workloads that an object is for.
   *
   * @param selector the field that has them, below {@code labels}
   * @param otherwise what holds where there are none
   */
  static Map<String, String> workloads(
      TreeReader spec, String selector, String labels, String otherwise) {
    Map<String, String> written =
        spec.object(
            selector,
            s -> {
              Map<String, String> all = selector(s, labels);
              if (all.isEmpty()) {
                s.warning(
                    "unsupported-field",
                    labels,
                    "without labels nothing is selected: " + otherwise);
              }
              return all;
            });
    return written == null ? Map.of() : written;
  }

  /** {@code matchLabels} of a selector. */
  static Map<String, String> selector(TreeReader r, String key) {
    Map<String, String> labels = r.stringMap(key);
    labels.forEach(
        (name, value) -> {
          if (name.isEmpty() || (name + value).indexOf('*') >= 0) {
            r.error(
                key,
                "labels are compared as they are, so '"
                    + name
                    + ": "
                    + value
                    + "' would select nothing: there are no wildcards");
          }
        });
    return labels;
  }

  /**
   * @param own whether it may name no namespace but that of the object
   */
  static List<String> exportTo(TreeReader r, String namespace, boolean own) {
    String key = "exportTo";
    List<String> names = r.strings(key);
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      String full = name.equals(".") ? namespace : name;
      if (!full.equals("*") && !Names.isLabel(full)) {
        r.error(key, "'" + name + "' is no namespace: a name, '.' for the own one or '*' for all");
      } else if (!seen.add(full)) {
        r.error(key, "'" + name + "' names a namespace that is there already");
      }
    }
    if (seen.contains("*") && seen.size() > 1) {
      r.error(key, "'*' is all namespaces: take the others away, or '*'");
    }
    if (own && !seen.isEmpty() && !seen.equals(Set.of(namespace))) {
      r.error(key, "a rule with a workloadSelector holds in its own namespace alone: write '.'");
    }
    return names;
  }

  /** The name of a header that a request is matched by. */
  static void matched(TreeReader r, String key, String name) {
    if (!HeaderText.isName(name) && !PSEUDO.contains(name) && !name.startsWith(CLAIM)) {
      r.error(key + "." + name, "'" + name + "' is not the name of a header");
    }
  }
}
