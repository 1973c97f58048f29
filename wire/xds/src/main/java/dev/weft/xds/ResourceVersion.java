package dev.weft.xds;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A resource of some type, without its bytes: who remembers it does not keep those. What thousands
 * of streams ask of its name is computed once.
 */
final class ResourceVersion {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final char NO_CHARACTER = '\uffff';

  /** Clients choose names, but not where they fall in a table. */
  private static final long SECRET = new SecureRandom().nextLong();

  private final String name;
  private final String version;
  private final int hash;
  private final long fingerprint;

  /**
   * @param version empty for one that is known not to exist
   */
  ResourceVersion(String name, String version) {
    this.name = name;
    this.version = version;
    this.hash = hash(name);
    this.fingerprint = fingerprint(name, version);
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  /** That of the name. */
  int hash() {
    return hash;
  }

  /** That of a name, which nobody outside of this process can foresee. */
  static int hash(String name) {
    long hash = continued(SECRET, name);
    return (int) (hash ^ (hash >>> 32));
  }

  /**
   * What it contributes to the sum of all that a client holds, in which order does not matter;
   * equal in every replica. FNV-1a, with the last steps of MurmurHash3 behind it, so that sums of
   * similar names differ as well.
   */
  long fingerprint() {
    return fingerprint;
  }

  private static long fingerprint(String name, String version) {
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ResourceVersion that
        && name.equals(that.name)
        && version.equals(that.version);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + version.hashCode();
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
