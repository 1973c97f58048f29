package dev.weft.ca;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the certificate service, in Istio's names. Thread-safe. */
public final class CaMetrics {
  private final LongAdder requests = new LongAdder();
  private final LongAdder issued = new LongAdder();
  private final LongAdder unauthenticated = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder unsigned = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private volatile long rootExpiry;

  void requested() {
    requests.increment();
  }

  void issued() {
    issued.increment();
  }

  void authenticationFailed() {
    unauthenticated.increment();
  }

  void requestUnreadable() {
    unreadable.increment();
  }

  void signingFailed() {
    unsigned.increment();
  }

  void throttled() {
    throttled.increment();
  }

  void rootExpires(long epochSeconds) {
    rootExpiry = epochSeconds;
  }

  /** Name to value; all are counters but the expiry, seconds since 1970, which is a gauge. */
  public SequencedMap<String, Long> read() {
    SequencedMap<String, Long> values = new LinkedHashMap<>();
    values.put("citadel_server_csr_count", requests.sum());
    values.put("citadel_server_success_cert_issuance_count", issued.sum());
    values.put("citadel_server_authentication_failure_count", unauthenticated.sum());
    values.put("citadel_server_csr_parsing_err_count", unreadable.sum());
    values.put("citadel_server_csr_sign_err_count", unsigned.sum());
    values.put("citadel_server_csr_throttled_count", throttled.sum());
    values.put("citadel_server_root_cert_expiry_timestamp", rootExpiry);
    return values;
  }
}
