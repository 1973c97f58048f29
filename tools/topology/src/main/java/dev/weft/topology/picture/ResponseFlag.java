package dev.weft.topology.picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What Envoy's response flags mean. Source: its access log documentation. */
public enum ResponseFlag {
  NO_HEALTHY_UPSTREAM("UH"),
  CONNECTION_FAILED("UF"),
  NO_ROUTE("NR"),
  OVERFLOW("UO"),
  RETRIES_EXHAUSTED("URX"),
  UPSTREAM_TIMEOUT("UT"),
  UPSTREAM_RESET("UR"),
  UPSTREAM_CLOSED("UC"),
  LOCAL_RESET("LR"),
  NO_CLUSTER("NC"),
  CALLER_CLOSED("DC"),
  CALLER_PROTOCOL_ERROR("DPE"),
  UPSTREAM_PROTOCOL_ERROR("UPE"),
  FAULT_ABORT("FI"),
  FAULT_DELAY("DI"),
  RATE_LIMITED("RL"),
  NOT_AUTHORISED("UAEX"),
  DURATION_EXCEEDED("DT"),
  IDLE_TIMEOUT("SI"),
  OVERLOADED("OM"),
  DNS_FAILED("DF");

  private final String flag;

  ResponseFlag(String flag) {
    this.flag = flag;
  }

  /** Of the first of several flags, separated by commas, that is known. */
  static Optional<ResponseFlag> of(String flags) {
    return Arrays.stream(flags.split(",", -1))
        .flatMap(one -> Arrays.stream(values()).filter(known -> known.flag.equals(one)))
        .findFirst();
  }

  /** As the gap of a sentence has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
