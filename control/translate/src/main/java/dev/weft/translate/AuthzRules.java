package dev.weft.translate;

import dev.weft.config.AuthorizationPolicy.Condition;
import dev.weft.config.AuthorizationPolicy.Operation;
import dev.weft.config.AuthorizationPolicy.Rule;
import dev.weft.config.AuthorizationPolicy.Source;
import dev.weft.config.AuthorizationPolicy.Values;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One rule of a policy of access. Istio: pilot/pkg/security/authz/model.
 *
 * @param namespace of the policy
 * @param tcp whether it is for bytes, of which only the connection is known
 */
record AuthzRules(String namespace, List<String> trustDomains, boolean tcp) {
  private static final String HEADERS = "request.headers[";
  private static final String INLINE_HEADERS = "request.inline.headers[";
  private static final String CLAIMS = "request.auth.claims";

  /** Whether a rule asks something that only requests have. */
  static boolean onlyForRequests(Rule rule) {
    return rule.from().stream().anyMatch(s -> !s.requestPrincipals().isEmpty())
        || rule.to().stream()
            .anyMatch(o -> !(o.hosts().isEmpty() && o.methods().isEmpty() && o.paths().isEmpty()))
        || rule.when().stream().anyMatch(c -> c.key().startsWith("request."));
  }

  Policy policy(Rule rule) {
    Policy.Builder policy = Policy.newBuilder();
    if (rule.to().isEmpty()) {
      policy.addPermissions(all(whatOf(rule.when())));
    }
    for (Operation operation : rule.to()) {
      List<Permission> permissions = permissions(operation);
      permissions.addAll(whatOf(rule.when()));
      policy.addPermissions(all(permissions));
    }
    if (rule.from().isEmpty()) {
      policy.addPrincipals(allOf(whoOf(rule.when())));
    }
    for (Source source : rule.from()) {
      List<Principal> principals = principals(source);
      principals.addAll(whoOf(rule.when()));
      policy.addPrincipals(allOf(principals));
    }
    return policy.build();
  }

  private List<Permission> permissions(Operation operation) {
    List<Permission> permissions = new ArrayList<>();
    if (!tcp) {
      what(operation.hosts(), AuthzMatchers::host, permissions);
      what(operation.methods(), AuthzMatchers::method, permissions);
      what(operation.paths(), AuthzMatchers::path, permissions);
    }
    what(operation.ports(), AuthzMatchers::port, permissions);
    return permissions;
  }

  private List<Principal> principals(Source source) {
    List<Principal> principals = new ArrayList<>();
    who(source.principals(), this::identity, principals);
    if (!tcp) {
      whoTogether(source.requestPrincipals(), AuthzMatchers::requestPrincipals, principals);
    }
    who(source.namespaces(), v -> List.of(AuthzMatchers.namespace(v)), principals);
    who(source.serviceAccounts(), this::account, principals);
    who(source.trustDomains(), this::trustDomain, principals);
    who(source.remoteIpBlocks(), v -> List.of(AuthzMatchers.client(v)), principals);
    who(source.ipBlocks(), v -> List.of(AuthzMatchers.peer(v)), principals);
    return principals;
  }

  /** What conditions ask of the destination. */
  private static List<Permission> whatOf(List<Condition> when) {
    List<Permission> permissions = new ArrayList<>();
    for (Condition condition : when) {
      switch (condition.key()) {
        case "destination.ip" -> what(condition.values(), AuthzMatchers::destination, permissions);
        case "destination.port" -> what(condition.values(), AuthzMatchers::port, permissions);
        case "connection.sni" -> what(condition.values(), AuthzMatchers::serverName, permissions);
        default -> {}
      }
    }
    return permissions;
  }

  /** What conditions ask of who calls. */
  private List<Principal> whoOf(List<Condition> when) {
    List<Principal> principals = new ArrayList<>();
    for (Condition condition : when) {
      Values values = condition.values();
      switch (condition.key()) {
        case "source.ip" -> who(values, v -> List.of(AuthzMatchers.peer(v)), principals);
        case "remote.ip" -> who(values, v -> List.of(AuthzMatchers.client(v)), principals);
        case "source.namespace" ->
            who(values, v -> List.of(AuthzMatchers.namespace(v)), principals);
        case "source.serviceAccount" -> who(values, this::account, principals);
        case "source.trustDomain" -> who(values, this::trustDomain, principals);
        case "source.principal" -> who(values, this::identity, principals);
        default -> {
          if (!tcp) {
            ofRequest(condition.key(), values, principals);
          }
        }
      }
    }
    return principals;
  }

  private static void ofRequest(String key, Values values, List<Principal> to) {
    if (key.equals("request.auth.principal")) {
      whoTogether(values, AuthzMatchers::requestPrincipals, to);
    } else if (key.equals("request.auth.audiences")) {
      whoTogether(values, v -> AuthzMatchers.claim(List.of("aud"), v), to);
    } else if (key.equals("request.auth.presenter")) {
      whoTogether(values, v -> AuthzMatchers.claim(List.of("azp"), v), to);
    } else if (key.startsWith(CLAIMS)) {
      String path = key.substring(CLAIMS.length() + 1, key.length() - 1);
      whoTogether(values, v -> AuthzMatchers.claim(List.of(path.split("]\\[")), v), to);
    } else if (key.startsWith(HEADERS)) {
      String name = key.substring(HEADERS.length(), key.length() - 1);
      who(values, v -> List.of(AuthzMatchers.header(name, v)), to);
    } else if (key.startsWith(INLINE_HEADERS)) {
      String name = key.substring(INLINE_HEADERS.length(), key.length() - 1);
      who(values, v -> List.of(AuthzMatchers.inlineHeader(name, v)), to);
    }
  }

  private List<Principal> identity(String written) {
    return TrustDomainNames.principals(written, trustDomains).stream()
        .map(AuthzMatchers::identity)
        .toList();
  }

  private List<Principal> account(String written) {
    int slash = written.indexOf('/');
    return List.of(
        AuthzMatchers.account(
            slash < 0 ? namespace : written.substring(0, slash), written.substring(slash + 1)));
  }

  private List<Principal> trustDomain(String written) {
    return TrustDomainNames.domains(written, trustDomains).stream()
        .map(AuthzMatchers::trustDomain)
        .toList();
  }

  private static void what(Values values, Function<String, Permission> each, List<Permission> to) {
    if (!values.any().isEmpty()) {
      to.add(any(values.any().stream().map(each).toList()));
    }
    if (!values.none().isEmpty()) {
      Permission any = any(values.none().stream().map(each).toList());
      to.add(Permission.newBuilder().setNotRule(any).build());
    }
  }

  private static void who(
      Values values, Function<String, List<Principal>> each, List<Principal> to) {
    whoTogether(
        values, all -> anyOf(all.stream().flatMap(v -> each.apply(v).stream()).toList()), to);
  }

  private static void whoTogether(
      Values values, Function<List<String>, Principal> together, List<Principal> to) {
    if (!values.any().isEmpty()) {
      to.add(together.apply(values.any()));
    }
    if (!values.none().isEmpty()) {
      to.add(Principal.newBuilder().setNotId(together.apply(values.none())).build());
    }
  }

  private static Permission any(List<Permission> rules) {
    return Permission.newBuilder()
        .setOrRules(Permission.Set.newBuilder().addAllRules(rules))
        .build();
  }

  private static Permission all(List<Permission> rules) {
    Permission.Set.Builder set = Permission.Set.newBuilder().addAllRules(rules);
    if (rules.isEmpty()) {
      set.addRules(Permission.newBuilder().setAny(true));
    }
    return Permission.newBuilder().setAndRules(set).build();
  }

  private static Principal anyOf(List<Principal> ids) {
    return Principal.newBuilder().setOrIds(Principal.Set.newBuilder().addAllIds(ids)).build();
  }

  private static Principal allOf(List<Principal> ids) {
    Principal.Set.Builder set = Principal.Set.newBuilder().addAllIds(ids);
    if (ids.isEmpty()) {
      set.addIds(Principal.newBuilder().setAny(true));
    }
    return Principal.newBuilder().setAndIds(set).build();
  }
}
