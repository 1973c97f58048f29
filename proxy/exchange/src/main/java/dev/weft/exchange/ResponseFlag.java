package dev.weft.exchange;

/** Envoy's response flags: what happened to a request beside its status. */
public enum ResponseFlag {
  UH("NoHealthyUpstream"),
  UF("UpstreamConnectionFailure"),
  UO("UpstreamOverflow"),
  NR("NoRouteFound"),
  URX("UpstreamRetryLimitExceeded"),
  NC("NoClusterFound"),
  UT("UpstreamRequestTimeout"),
  DT("DurationTimeout"),
  DC("DownstreamConnectionTermination"),
  UC("UpstreamConnectionTermination"),
  UR("UpstreamRemoteReset"),
  DPE("DownstreamProtocolError"),
  UPE("UpstreamProtocolError"),
  SI("StreamIdleTimeout"),
  DI("DelayInjected"),
  FI("FaultInjected"),
  RL("RateLimited"),
  UAEX("UnauthorizedExternalService"),
  OM("OverloadManagerTerminated"),
  LR("LocalReset");

  private static final ResponseFlag[] ALL = values();

  private final String longName;

  ResponseFlag(String longName) {
    this.longName = longName;
  }

  /** The name that {@code %RESPONSE_FLAGS_LONG%} writes. */
  public String longName() {
    return longName;
  }

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

  /** The long names of a set joined by commas; empty where there is none. */
  public static String longText(int set) {
    StringBuilder out = new StringBuilder();
    for (ResponseFlag flag : ALL) {
      if ((set & flag.bit()) != 0) {
        out.append(out.isEmpty() ? "" : ",").append(flag.longName);
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
