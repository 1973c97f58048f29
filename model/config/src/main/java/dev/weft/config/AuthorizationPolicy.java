package dev.weft.config;

import java.util.List;

/**
 * Who may call workloads, and how. {@code security.istio.io AuthorizationPolicy}.
 *
 * @param provider the name of who is asked by {@link Action#CUSTOM}; otherwise empty
 * @param dryRun whether it is only counted what it would do
 * @param rules of which one has to match
 */
public record AuthorizationPolicy(
    ObjectMeta meta,
    PolicyTarget target,
    Action action,
    String provider,
    boolean dryRun,
    List<Rule> rules)
    implements ConfigObject {
  public AuthorizationPolicy {
    rules = List.copyOf(rules);
  }

  /** What becomes of calls that a rule matches. */
  public enum Action {
    /** They may come in, and of the others those that another policy allows. */
    ALLOW,
    DENY,
    /** They are noted. */
    AUDIT,
    /** Somebody else is asked. */
    CUSTOM
  }

  /** The same workloads, to which nobody may come. */
  AuthorizationPolicy closed() {
    return new AuthorizationPolicy(
        meta, target, Action.DENY, "", dryRun, List.of(new Rule(List.of(), List.of(), List.of())));
  }

  /**
   * Calls: from one of the sources, with one of the operations, under all conditions.
   *
   * @param from empty for anybody
   * @param to empty for anything
   */
  public record Rule(List<Source> from, List<Operation> to, List<Condition> when) {
    public Rule {
      from = List.copyOf(from);
      to = List.copyOf(to);
      when = List.copyOf(when);
    }
  }

  /**
   * Values of which one has to be there, and values of which none may be.
   *
   * @param any empty where any will do
   */
  public record Values(List<String> any, List<String> none) {
    public Values {
      any = List.copyOf(any);
      none = List.copyOf(none);
    }

    /** Whether nothing is asked. */
    public boolean isEmpty() {
      return any.isEmpty() && none.isEmpty();
    }
  }

  /**
   * Who calls.
   *
   * @param principals identities of workloads, without {@code spiffe://}
   * @param requestPrincipals {@code issuer/subject} of tokens
   * @param serviceAccounts {@code name} or {@code namespace/name}
   * @param ipBlocks of the peer of the connection
   * @param remoteIpBlocks of the client, as proxies before this one tell
   */
  public record Source(
      Values principals,
      Values requestPrincipals,
      Values namespaces,
      Values serviceAccounts,
      Values trustDomains,
      Values ipBlocks,
      Values remoteIpBlocks) {}

  /** What is asked for. */
  public record Operation(Values hosts, Values ports, Values methods, Values paths) {}

  /**
   * @param key an attribute such as {@code source.ip} or {@code request.headers[x-a]}
   */
  public record Condition(String key, Values values) {}
}
