package dev.weft.types;

/** Where a workload runs. Each part may be empty. */
public record Locality(String region, String zone, String subzone) implements Comparable<Locality> {
  public static final Locality UNKNOWN = new Locality("", "", "");

  /** Parses {@code region/zone/subzone}, of which later parts may be missing. */
  public static Locality parse(String text) {
    String[] parts = text.split("/", 3);
    return new Locality(
        parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }

  @Override
  public int compareTo(Locality other) {
    return toString().compareTo(other.toString());
  }

  /** {@code region/zone/subzone} without empty parts at the end. */
  @Override
  public String toString() {
    if (zone.isEmpty()) {
      return region;
    }
    return subzone.isEmpty() ? region + "/" + zone : region + "/" + zone + "/" + subzone;
  }
}
