package dev.weft.xds;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The version of each resource that a client was sent of one type, or brought along. There are
 * thousands of streams with thousands of names: what is held is one reference to what all streams
 * share, in a table without anything around it (a hash table with linear probing, two thirds full
 * at most). The count and the version of all of it are kept up with every change rather than
 * computed. Confined to the owner of the stream.
 */
final class HeldVersions {
  /** The version of a resource that the client knows not to exist. */
  static final String ABSENT = "";

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final char NO_CHARACTER = '\uffff';
  private static final int FEWEST = 4;

  /** Clients choose names, but not where they fall in the table. */
  private static final long SECRET = new SecureRandom().nextLong();

  /** Its length is a power of two. */
  private @Nullable ResourceVersion[] table = new ResourceVersion[FEWEST];

  private int size;
  private int present;
  private long sum;

  /** Null where the client knows nothing of the name. */
  @Nullable String get(String name) {
    ResourceVersion held = table[find(name)];
    return held == null ? null : held.version();
  }

  List<String> names() {
    List<String> names = new ArrayList<>(size);
    for (ResourceVersion held : table) {
      if (held != null) {
        names.add(held.name());
      }
    }
    return names;
  }

  /** How many names the client knows of, those of absent resources among them. */
  int size() {
    return size;
  }

  /** How many resources the client holds. */
  int present() {
    return present;
  }

  void put(ResourceVersion version) {
    int at = find(version.name());
    ResourceVersion before = table[at];
    table[at] = version;
    count(version);
    if (before != null) {
      uncount(before);
    } else if (++size * 3 > table.length * 2) {
      resize(table.length * 2);
    }
  }

  /**
   * The client holds exactly this, as it told in its own copies of both strings: those of the
   * resource serve all streams.
   */
  void share(ResourceVersion version) {
    table[find(version.name())] = version;
  }

  void remove(String name) {
    int hole = find(name);
    ResourceVersion before = table[hole];
    if (before == null) {
      return;
    }
    uncount(before);
    size--;
    table[hole] = null;
    // What was put further on because this place was taken moves up.
    int mask = table.length - 1;
    for (int at = (hole + 1) & mask; table[at] != null; at = (at + 1) & mask) {
      ResourceVersion next = table[at];
      if (((at - start(next.name())) & mask) >= ((at - hole) & mask)) {
        table[hole] = next;
        table[at] = null;
        hole = at;
      }
    }
    if (size * 6 < table.length && table.length > FEWEST) {
      resize(table.length / 2);
    }
  }

  void retain(Set<String> names) {
    for (String name : names()) {
      if (!names.contains(name)) {
        remove(name);
      }
    }
  }

  /**
   * The version of everything that is held: 16 hexadecimal digits, equal for equal names and
   * versions in every replica.
   */
  String version() {
    return HexFormat.of().toHexDigits(sum);
  }

  SortedMap<String, String> copy() {
    SortedMap<String, String> versions = new TreeMap<>();
    for (ResourceVersion held : table) {
      if (held != null) {
        versions.put(held.name(), held.version());
      }
    }
    return versions;
  }

  /** Where a name is, or would be. */
  private int find(String name) {
    int mask = table.length - 1;
    int at = start(name);
    while (true) {
      ResourceVersion held = table[at];
      if (held == null || held.name().equals(name)) {
        return at;
      }
      at = (at + 1) & mask;
    }
  }

  private int start(String name) {
    long hash = continued(SECRET, name);
    return (int) (hash ^ (hash >>> 32)) & (table.length - 1);
  }

  private void resize(int length) {
    @Nullable ResourceVersion[] old = table;
    table = new ResourceVersion[length];
    for (ResourceVersion held : old) {
      if (held != null) {
        table[find(held.name())] = held;
      }
    }
  }

  private void count(ResourceVersion held) {
    sum += fingerprint(held.name(), held.version());
    present += held.version().equals(ABSENT) ? 0 : 1;
  }

  private void uncount(ResourceVersion held) {
    sum -= fingerprint(held.name(), held.version());
    present -= held.version().equals(ABSENT) ? 0 : 1;
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
