package dev.weft.config;

import dev.weft.config.AuthorizationPolicy.Action;
import dev.weft.config.AuthorizationPolicy.Condition;
import dev.weft.config.AuthorizationPolicy.Operation;
import dev.weft.config.AuthorizationPolicy.Rule;
import dev.weft.config.AuthorizationPolicy.Source;
import dev.weft.config.AuthorizationPolicy.Values;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code security.istio.io AuthorizationPolicy}, with what Istio refuses. Istio:
 * pkg/config/validation.
 */
final class AuthorizationPolicyParser {
  private static final String DRY_RUN = "istio.io/dry-run";
  private static final Values NONE = new Values(List.of(), List.of());

  private AuthorizationPolicyParser() {}

  static AuthorizationPolicy read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec);
    Action written = spec.constant("action", Action.class);
    Action action = written == null ? Action.ALLOW : written;
    List<Rule> rules = spec.objects("rules", rule -> rule(rule.strict(), action));
    String provider = spec.object("provider", p -> p.string("name"));
    if (provider != null && action != Action.CUSTOM) {
      spec.error("provider", "only the action CUSTOM asks a provider: take it away");
    }
    if (rules.isEmpty() && (action == Action.DENY || action == Action.CUSTOM)) {
      spec.error(
          "rules",
          action + " without rules never happens: write the rule {} where every call is meant");
    }
    if (action == Action.CUSTOM) {
      if (provider == null || provider.isEmpty()) {
        spec.error("provider.name", "CUSTOM needs the name of a provider");
      }
    }
    return new AuthorizationPolicy(
        meta,
        target,
        action,
        provider == null ? "" : provider,
        Boolean.parseBoolean(meta.annotations().get(DRY_RUN)),
        rules);
  }

  private static Rule rule(TreeReader rule, Action action) {
    List<Source> from = rule.objects("from", r -> source(r, action));
    List<Operation> to = rule.objects("to", AuthorizationPolicyParser::operation);
    List<Condition> when = rule.objects("when", r -> condition(r, action));
    for (String key : List.of("from", "to")) {
      if (rule.any(key) instanceof List<?> list && list.isEmpty()) {
        rule.error(key, "it is empty: take it away where anything is meant");
      }
    }
    boolean overTcp =
        to.isEmpty()
            ? from.isEmpty() || from.stream().anyMatch(AuthorizationPolicyParser::ofConnection)
            : to.stream().anyMatch(o -> !o.ports().isEmpty());
    if (action == Action.DENY && !overTcp) {
      rule.warning(
          "denies-tcp",
          to.isEmpty() ? "from" : "to",
          "of bytes that are not HTTP none of this is known, so the rule denies every connection to"
              + " TCP ports: name the ports that are meant");
    }
    return new Rule(from, to, when);
  }

  private static boolean ofConnection(Source source) {
    return Stream.of(
            source.principals(),
            source.namespaces(),
            source.serviceAccounts(),
            source.trustDomains(),
            source.ipBlocks(),
            source.remoteIpBlocks())
        .anyMatch(values -> !values.isEmpty());
  }

  private static @Nullable Source source(TreeReader from, Action action) {
    present(from, "source");
    return from.object("source", s -> sourceOf(s, action));
  }

  private static @Nullable Operation operation(TreeReader to) {
    present(to, "operation");
    return to.object("operation", AuthorizationPolicyParser::operationOf);
  }

  private static void present(TreeReader entry, String key) {
    if (!entry.has(key)) {
      entry.error(key, "it is not there: take the whole entry away where anything is meant");
    }
  }

  private static Source sourceOf(TreeReader source, Action action) {
    Source read =
        new Source(
            values(source, "principals", "notPrincipals"),
            values(source, "requestPrincipals", "notRequestPrincipals"),
            values(source, "namespaces", "notNamespaces"),
            values(source, "serviceAccounts", "notServiceAccounts"),
            values(source, "trustDomains", "notTrustDomains"),
            values(source, "ipBlocks", "notIpBlocks"),
            values(source, "remoteIpBlocks", "notRemoteIpBlocks"));
    PolicyChecks.addresses(source, "ipBlocks", read.ipBlocks().any());
    PolicyChecks.addresses(source, "notIpBlocks", read.ipBlocks().none());
    PolicyChecks.addresses(source, "remoteIpBlocks", read.remoteIpBlocks().any());
    PolicyChecks.addresses(source, "notRemoteIpBlocks", read.remoteIpBlocks().none());
    PolicyChecks.serviceAccounts(source, "serviceAccounts", read.serviceAccounts().any());
    PolicyChecks.serviceAccounts(source, "notServiceAccounts", read.serviceAccounts().none());
    if (!read.serviceAccounts().isEmpty()
        && !(read.principals().isEmpty() && read.namespaces().isEmpty())) {
      source.error(
          "serviceAccounts", "principals and namespaces exclude them: write namespace/name");
    }
    if (!ofConnection(read) && read.requestPrincipals().isEmpty()) {
      source.error("principals", "no field says who: take the source away where anybody is meant");
    }
    if (action == Action.CUSTOM) {
      for (String key : PolicyChecks.NOT_FOR_CUSTOM) {
        if (source.has(key)) {
          source.error(key, "the action CUSTOM does not know it; match addresses instead");
        }
      }
    }
    return read;
  }

  private static Operation operationOf(TreeReader operation) {
    Operation read =
        new Operation(
            values(operation, "hosts", "notHosts"),
            values(operation, "ports", "notPorts"),
            values(operation, "methods", "notMethods"),
            values(operation, "paths", "notPaths"));
    PolicyChecks.ports(operation, "ports", read.ports().any());
    PolicyChecks.ports(operation, "notPorts", read.ports().none());
    PolicyChecks.paths(operation, "paths", read.paths().any());
    PolicyChecks.paths(operation, "notPaths", read.paths().none());
    boolean nothing =
        Stream.of(read.hosts(), read.ports(), read.methods(), read.paths())
            .allMatch(Values::isEmpty);
    if (nothing) {
      operation.error(
          "paths", "no field says what: take the operation away where anything is meant");
    }
    return read;
  }

  private static Condition condition(TreeReader condition, Action action) {
    condition.required("key");
    String key = condition.string("key");
    Values values = values(condition, "values", "notValues");
    if (key.isEmpty()) {
      condition.error("key", "an attribute is needed, such as source.ip");
    } else if (values.isEmpty()) {
      condition.error("values", "values or notValues are needed for " + key);
    } else {
      PolicyChecks.attribute(condition, key, values, action);
    }
    return new Condition(key, values);
  }

  private static Values values(TreeReader reader, String any, String none) {
    Values values = new Values(strings(reader, any), strings(reader, none));
    return values.isEmpty() ? NONE : values;
  }

  private static List<String> strings(TreeReader reader, String key) {
    List<String> strings = reader.strings(key);
    if (strings.contains("")) {
      reader.error(key, "an empty text matches nothing: take it away, or write *");
    }
    return strings;
  }
}
