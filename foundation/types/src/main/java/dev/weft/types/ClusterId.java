package dev.weft.types;

/**
 * A member cluster, by the name that it was registered with. An xDS cluster is something else.
 *
 * @param value a DNS label
 */
public record ClusterId(String value) implements Comparable<ClusterId> {
  public ClusterId {
    Names.requireLabel("cluster id", value);
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
