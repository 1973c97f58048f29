package dev.weft.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Addresses that the mesh gives to services and pods itself. Each name starts at a hash of itself
 * and takes the next free address. What was given stays given; new ones are given in the order of
 * the names, so that replicas and later runs come to the same result.
 */
record MeshVips(long base, int size) {

  /**
   * @param range an IPv4 range such as {@code 240.240.0.0/16}
   * @throws IllegalArgumentException naming what is wrong
   */
  static MeshVips in(String range) {
    int slash = range.indexOf('/');
    String[] octets = (slash < 0 ? range : range.substring(0, slash)).split("\\.", -1);
    try {
      int prefix = Integer.parseInt(range.substring(slash + 1));
      if (slash < 0 || octets.length != 4 || prefix < 8 || prefix > 30) {
        throw new IllegalArgumentException("'" + range + "' is not an IPv4 range of /8 to /30");
      }
      long address = 0;
      for (String octet : octets) {
        int value = Integer.parseInt(octet);
        if (value < 0 || value > 255) {
          throw new IllegalArgumentException("'" + range + "' is not an IPv4 range");
        }
        address = address << 8 | value;
      }
      int size = 1 << (32 - prefix);
      return new MeshVips(address & -((long) size), size);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + range + "' is not an IPv4 range", e);
    }
  }

  /**
   * An address for each name, as long as there are any.
   *
   * @param names such as {@code httpbin.default}; what must not lack an address first
   * @param taken what was given before; addresses outside the range are given anew
   */
  Map<String, String> assign(List<String> names, Map<String, String> taken) {
    Map<String, String> given = new HashMap<>();
    Set<String> used = new HashSet<>();
    for (String name : names) {
      String before = taken.get(name);
      if (before != null && contains(before) && used.add(before)) {
        given.put(name, before);
      }
    }
    for (String name : names) {
      if (given.containsKey(name)) {
        continue;
      }
      int start = Math.floorMod(hash(name), size);
      for (int step = 0; step < size; step++) {
        int offset = (start + step) % size;
        int last = (int) ((base + offset) & 0xff);
        // Some stacks treat these as network and broadcast addresses, whatever the prefix.
        if (last == 0 || last == 255) {
          continue;
        }
        String address = text(base + offset);
        if (used.add(address)) {
          given.put(name, address);
          break;
        }
      }
    }
    return given;
  }

  private boolean contains(String address) {
    long value = 0;
    for (String octet : address.split("\\.", -1)) {
      value = value << 8 | Integer.parseInt(octet);
    }
    return value >= base && value < base + size;
  }

  private static String text(long address) {
    return (address >> 24 & 255)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }

  /** FNV-1a, the same in every run. */
  private static int hash(String name) {
    int hash = 0x811c9dc5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    return hash;
  }
}
