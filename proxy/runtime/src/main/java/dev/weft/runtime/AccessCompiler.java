package dev.weft.runtime;

import dev.weft.access.AccessFilter;
import dev.weft.access.AccessPolicy;
import dev.weft.access.AccessRules;
import dev.weft.access.Criterion;
import dev.weft.routing.Cidr;
import dev.weft.xds.client.ProtoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.rbac.v3.RBAC}, in the filters for HTTP and for bytes. */
final class AccessCompiler {
  private static final String TEMPLATE =
      "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig";
  private static final int MAX_PORT = 65535;

  private AccessCompiler() {}

  static AccessFilter http(ProtoFields in) {
    in.ignore(IgnoredInAccess.HTTP_RBAC);
    return new AccessFilter(rules(in, 1, "rules"), rules(in, 2, "shadow_rules"), in.text(3));
  }

  static AccessFilter network(ProtoFields in) {
    in.ignore(IgnoredInAccess.NETWORK_RBAC);
    return new AccessFilter(rules(in, 1, "rules"), rules(in, 2, "shadow_rules"), in.text(5));
  }

  private static @Nullable AccessRules rules(ProtoFields in, int field, String name) {
    ProtoFields rules = in.message(field, name);
    if (rules == null) {
      return null;
    }
    AccessRules.Action action =
        switch (rules.integer(1)) {
          case 0 -> AccessRules.Action.ALLOW;
          case 1 -> AccessRules.Action.DENY;
          case 2 -> AccessRules.Action.LOG;
          default -> throw rules.reject("action", "unknown value");
        };
    List<AccessPolicy> policies = new ArrayList<>();
    for (Map.Entry<String, ProtoFields> entry : rules.map(2, "policies").entrySet()) {
      ProtoFields policy = entry.getValue();
      policies.add(
          new AccessPolicy(
              entry.getKey(),
              some(policy, 1, "permissions", false),
              some(policy, 2, "principals", true)));
    }
    return new AccessRules(action, policies);
  }

  private static List<Criterion> some(ProtoFields in, int field, String name, boolean who) {
    List<Criterion> criteria =
        in.each(field, name, each -> who ? principal(each) : permission(each));
    if (criteria.isEmpty()) {
      throw in.reject(name, "at least one is needed");
    }
    return criteria;
  }

  private static Criterion permission(ProtoFields in) {
    if (in.has(1)) {
      return new Criterion.AllOf(some(in.required(1, "and_rules"), 1, "rules", false));
    }
    if (in.has(2)) {
      return new Criterion.OneOf(some(in.required(2, "or_rules"), 1, "rules", false));
    }
    if (in.bool(3)) {
      return new Criterion.Anything();
    }
    if (in.has(4)) {
      return new Criterion.Header(Matchers.header(in.required(4, "header")));
    }
    if (in.has(10)) {
      return path(in.required(10, "url_path"));
    }
    if (in.has(13)) {
      return template(in.required(13, "uri_template"));
    }
    if (in.has(5)) {
      return new Criterion.Destination(range(in.required(5, "destination_ip")));
    }
    if (in.has(6)) {
      int port = in.integer(6);
      if (port < 0 || port > MAX_PORT) {
        throw in.reject("destination_port", port + " is no port");
      }
      return new Criterion.Ports(port, port + 1);
    }
    if (in.has(11)) {
      ProtoFields range = in.required(11, "destination_port_range");
      return new Criterion.Ports(range.integer(1), range.integer(2));
    }
    if (in.has(7)) {
      return claim(in.required(7, "metadata"));
    }
    if (in.has(14)) {
      return sourced(in.required(14, "sourced_metadata"));
    }
    if (in.has(8)) {
      return new Criterion.Not(permission(in.required(8, "not_rule")));
    }
    if (in.has(9)) {
      return new Criterion.ServerName(Matchers.string(in.required(9, "requested_server_name")));
    }
    throw in.reject("rule", "none that is supported is there");
  }

  private static Criterion principal(ProtoFields in) {
    if (in.has(1)) {
      return new Criterion.AllOf(some(in.required(1, "and_ids"), 1, "ids", true));
    }
    if (in.has(2)) {
      return new Criterion.OneOf(some(in.required(2, "or_ids"), 1, "ids", true));
    }
    if (in.bool(3)) {
      return new Criterion.Anything();
    }
    if (in.has(4)) {
      ProtoFields name = in.required(4, "authenticated").message(2, "principal_name");
      return name == null
          ? new Criterion.Authenticated()
          : new Criterion.PeerName(Matchers.string(name));
    }
    if (in.has(10)) {
      return new Criterion.Peer(range(in.required(10, "direct_remote_ip")));
    }
    if (in.has(11)) {
      return new Criterion.Client(range(in.required(11, "remote_ip")));
    }
    if (in.has(6)) {
      return new Criterion.Header(Matchers.header(in.required(6, "header")));
    }
    if (in.has(9)) {
      return path(in.required(9, "url_path"));
    }
    if (in.has(7)) {
      return claim(in.required(7, "metadata"));
    }
    if (in.has(13)) {
      return sourced(in.required(13, "sourced_metadata"));
    }
    if (in.has(8)) {
      return new Criterion.Not(principal(in.required(8, "not_id")));
    }
    throw in.reject("identifier", "none that is supported is there");
  }

  private static Criterion path(ProtoFields in) {
    return new Criterion.Path(Matchers.string(in.required(1, "path")));
  }

  private static Criterion template(ProtoFields in) {
    in.ignore(IgnoredInAccess.EXTENSION);
    var config = in.any(2, "typed_config");
    if (config == null || !config.type().equals(TEMPLATE)) {
      throw in.reject("typed_config", "only " + TEMPLATE + " works");
    }
    try {
      return new Criterion.PathTemplate(PathTemplate.pattern(config.fields().text(1)));
    } catch (IllegalArgumentException e) {
      throw config.fields().reject("path_template", String.valueOf(e.getMessage()));
    }
  }

  private static Cidr range(ProtoFields in) {
    try {
      return Cidr.of(in.text(1), (int) in.wrapped(2, 0));
    } catch (IllegalArgumentException e) {
      throw in.reject("address_prefix", String.valueOf(e.getMessage()));
    }
  }

  private static Criterion sourced(ProtoFields in) {
    if (in.integer(2) != 0) {
      throw in.reject("metadata_source", "only DYNAMIC is supported");
    }
    return claim(in.required(1, "metadata_matcher"));
  }

  private static Criterion claim(ProtoFields in) {
    return new Criterion.Claim(Matchers.claim(in));
  }
}
