package dev.weft.xds;

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

  private static final int FEWEST = 4;

  /** Its length is a power of two. */
  private @Nullable ResourceVersion[] table = new ResourceVersion[FEWEST];

  private int size;
  private int present;
  private long sum;

  /** Null where the client knows nothing of the name. */
  @Nullable String get(String name) {
    ResourceVersion held = table[find(name, ResourceVersion.hash(name))];
    return held == null ? null : held.version();
  }

  /** Whether the client holds exactly this. */
  boolean has(ResourceVersion version) {
    ResourceVersion held = table[find(version)];
    return held != null && held.version().equals(version.version());
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
    int at = find(version);
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
    table[find(version)] = version;
  }

  /** So many names are to come: the table becomes as large at once as it would step by step. */
  void expect(int names) {
    int length = table.length;
    while (names * 3L > length * 2L) {
      length *= 2;
    }
    if (length > table.length) {
      resize(length);
    }
  }

  void remove(String name) {
    int hole = find(name, ResourceVersion.hash(name));
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
      if (((at - start(next.hash())) & mask) >= ((at - hole) & mask)) {
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
  private int find(String name, int hash) {
    int mask = table.length - 1;
    int at = start(hash);
    while (true) {
      ResourceVersion held = table[at];
      if (held == null || held.name().equals(name)) {
        return at;
      }
      at = (at + 1) & mask;
    }
  }

  private int find(ResourceVersion version) {
    return find(version.name(), version.hash());
  }

  private int start(int hash) {
    return hash & (table.length - 1);
  }

  private void resize(int length) {
    @Nullable ResourceVersion[] old = table;
    table = new ResourceVersion[length];
    for (ResourceVersion held : old) {
      if (held != null) {
        table[find(held)] = held;
      }
    }
  }

  private void count(ResourceVersion held) {
    sum += held.fingerprint();
    present += held.version().equals(ABSENT) ? 0 : 1;
  }

  private void uncount(ResourceVersion held) {
    sum -= held.fingerprint();
    present -= held.version().equals(ABSENT) ? 0 : 1;
  }
}
