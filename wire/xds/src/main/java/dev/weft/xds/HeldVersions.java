package dev.weft.xds;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Name to version of what a client was sent of one type, or brought along. What is asked for often,
 * the count and the version of all of it, is kept up with every change rather than computed.
 * Confined to the owner of the stream.
 */
final class HeldVersions {
  /** The version of a resource that the client knows not to exist. */
  static final String ABSENT = "";

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final char NO_CHARACTER = '\uffff';

  private final Map<String, String> versions = new HashMap<>();
  private int present;
  private long sum;

  /** Null where the client knows nothing of the name. */
  @Nullable String get(String name) {
    return versions.get(name);
  }

  Set<String> names() {
    return versions.keySet();
  }

  /** How many names the client knows of, those of absent resources among them. */
  int size() {
    return versions.size();
  }

  /** How many resources the client holds. */
  int present() {
    return present;
  }

  void put(String name, String version) {
    String before = versions.put(name, version);
    if (before != null) {
      uncount(name, before);
    }
    count(name, version);
  }

  /**
   * The client holds exactly this resource, as it told in its own copies of both strings: those of
   * the resource serve all streams.
   */
  @SuppressWarnings("ReferenceEquality")
  void share(VersionedResource resource) {
    if (versions.get(resource.name()) != resource.version()) {
      versions.remove(resource.name());
      versions.put(resource.name(), resource.version());
    }
  }

  void remove(String name) {
    String before = versions.remove(name);
    if (before != null) {
      uncount(name, before);
    }
  }

  void retain(Set<String> names) {
    versions
        .entrySet()
        .removeIf(
            held -> {
              boolean gone = !names.contains(held.getKey());
              if (gone) {
                uncount(held.getKey(), held.getValue());
              }
              return gone;
            });
  }

  /**
   * The version of everything that is held: 16 hexadecimal digits, equal for equal names and
   * versions in every replica.
   */
  String version() {
    return HexFormat.of().toHexDigits(sum);
  }

  SortedMap<String, String> copy() {
    return new TreeMap<>(versions);
  }

  private void count(String name, String version) {
    sum += fingerprint(name, version);
    present += version.equals(ABSENT) ? 0 : 1;
  }

  private void uncount(String name, String version) {
    sum -= fingerprint(name, version);
    present -= version.equals(ABSENT) ? 0 : 1;
  }

  /**
   * What a name contributes to the sum of all, in which order does not matter: FNV-1a, with the
   * last steps of MurmurHash3 behind it, so that sums of similar names differ as well.
   */
  static long fingerprint(String name, String version) {
    long hash = continued((continued(FNV_BASIS, name) ^ NO_CHARACTER) * FNV_PRIME, version);
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  private static long continued(long hash, String text) {
    long next = hash;
    for (int i = 0; i < text.length(); i++) {
      next = (next ^ text.charAt(i)) * FNV_PRIME;
    }
    return next;
  }
}
