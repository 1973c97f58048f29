package dev.weft.types;

import java.util.Locale;

/**
 * A member cluster, by the name that it was registered with. An xDS cluster is something else.
 *
 * @param value a DNS label
 */
public record ClusterId(String value) implements Comparable<ClusterId> {
  public ClusterId {
    Names.requireLabel("cluster id", value);
  }

  /**
   * As people and proxies write it, in any case: Istio's default, {@code Kubernetes}, is no label.
   */
  public static ClusterId of(String written) {
    return new ClusterId(written.toLowerCase(Locale.ROOT));
  }

  @Override
  public int compareTo(ClusterId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
