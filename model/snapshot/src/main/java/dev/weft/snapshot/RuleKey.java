package dev.weft.snapshot;

/**
 * Names the merged destination rules for a host in a namespace.
 *
 * @param host a full host name, or a pattern with a leading {@code *}
 */
public record RuleKey(String namespace, String host) implements Comparable<RuleKey> {
  @Override
  public int compareTo(RuleKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : host.compareTo(other.host);
  }
}
