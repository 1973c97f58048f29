package dev.weft.lab.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * IPv4 addresses to give out.
 *
 * @param ranges each {@code first-last} or a CIDR
 */
public record AddressPool(String name, List<String> ranges) {

  /** Both ends included; as unsigned 32-bit numbers. */
  private record Range(long first, long last) {

    static Optional<Range> parse(String text) {
      try {
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash > 0) {
          return Optional.of(
              new Range(
                  number(text.substring(0, dash).trim()), number(text.substring(dash + 1).trim())));
        }
        long first = number(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? 32 : Integer.parseInt(text.substring(slash + 1).trim());
        long size = 1L << (32 - bits);
        long start = first & -size;
        return Optional.of(new Range(start, start + size - 1));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /** The first address that is not taken. */
  public Optional<String> first(Set<String> taken) {
    for (Range range : parsed()) {
      for (long each = range.first(); each <= range.last(); each++) {
        String address = text(each);
        if (!taken.contains(address)) {
          return Optional.of(address);
        }
      }
    }
    return Optional.empty();
  }

  public boolean contains(String address) {
    try {
      long number = number(address);
      return parsed().stream().anyMatch(r -> r.first() <= number && number <= r.last());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Ranges that cannot be read are left out. */
  private List<Range> parsed() {
    List<Range> result = new ArrayList<>();
    ranges.forEach(each -> Range.parse(each).ifPresent(result::add));
    return result;
  }

  private static long number(String address) {
    String[] parts = address.trim().split("\\.", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException(address + " is no IPv4 address");
    }
    long result = 0;
    for (String part : parts) {
      int value = Integer.parseInt(part);
      if (value < 0 || value > 255) {
        throw new IllegalArgumentException(address + " is no IPv4 address");
      }
      result = result << 8 | value;
    }
    return result;
  }

  private static String text(long number) {
    return (number >> 24 & 255)
        + "."
        + (number >> 16 & 255)
        + "."
        + (number >> 8 & 255)
        + "."
        + (number & 255);
  }
}
