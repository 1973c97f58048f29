package dev.weft.types;

/**
 * A logical network: pods of the same network reach each other directly.
 *
 * @param value the name, or empty for the one unnamed network
 */
public record NetworkId(String value) implements Comparable<NetworkId> {
  public static final NetworkId UNNAMED = new NetworkId("");

  public NetworkId {
    if (!value.isEmpty()) {
      Names.requireLabel("network", value);
    }
  }

  public boolean isNamed() {
    return !value.isEmpty();
  }

  @Override
  public int compareTo(NetworkId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
