package dev.weft.exchange;

/** Envoy's response flags: what happened to a request beside its status. */
public enum ResponseFlag {
  UH,
  UF,
  UO,
  NR,
  URX,
  NC,
  UT,
  DT,
  DC,
  UC,
  UR,
  DPE,
  UPE,
  SI,
  DI,
  FI,
  RL,
  UAEX,
  OM,
  LR;

  private static final ResponseFlag[] ALL = values();

  /** The flag as one bit of a set. */
  public int bit() {
    return 1 << ordinal();
  }

  /** The flags of a set joined by commas, or {@code "-"}. */
  public static String text(int set) {
    if (set == 0) {
      return "-";
    }
    if (Integer.bitCount(set) == 1) {
      return ALL[Integer.numberOfTrailingZeros(set)].name();
    }
    StringBuilder out = new StringBuilder();
    for (ResponseFlag flag : ALL) {
      if ((set & flag.bit()) != 0) {
        out.append(out.isEmpty() ? "" : ",").append(flag.name());
      }
    }
    return out.toString();
  }

  /** Whether a set has one of these flags by name. */
  public static boolean any(int set, Iterable<String> names) {
    for (String name : names) {
      for (ResponseFlag flag : ALL) {
        if ((set & flag.bit()) != 0 && flag.name().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
