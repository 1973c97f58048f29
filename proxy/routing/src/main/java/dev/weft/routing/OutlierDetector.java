package dev.weft.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ejects endpoints that fail too often in a row, and takes them back after a while. Confined to one
 * event loop (each loop judges by what it saw) or to whoever feeds it.
 *
 * <p>Source: Envoy's {@code outlier_detection_impl.cc}. An endpoint is out for the base time times
 * the number of times that it was out; each interval in which it stayed in takes one from that
 * number. Never more than the given percentage of endpoints is out.
 *
 * @param <K> what identifies an endpoint
 */
public final class OutlierDetector<K> {
  private final OutlierPolicy policy;
  private final Map<K, Host> hosts = new HashMap<>();
  private Set<K> members = Set.of();
  private Instant nextSweep = Instant.MIN;
  private int ejected;

  private static final class Host {
    private int errors5xx;
    private int gatewayErrors;
    private int localErrors;
    private int multiplier;
    private Instant until = Instant.MIN;
    private boolean out;
  }

  /** An endpoint goes out or comes back. */
  public record Verdict<K>(K host, boolean out) {}

  /** How a request to an endpoint ended. */
  public sealed interface Result {
    /** With response headers. */
    record Status(int code) implements Result {}

    /** Without: no connection, a reset, a time limit. */
    record LocalError() implements Result {}
  }

  public OutlierDetector(OutlierPolicy policy) {
    this.policy = policy;
  }

  /** The endpoints of the cluster; what is gone is forgotten. */
  public void members(Set<K> now) {
    members = new HashSet<>(now);
    hosts.keySet().retainAll(members);
    ejected = (int) hosts.values().stream().filter(h -> h.out).count();
  }

  /** Takes a result in; returns at most one verdict. */
  public List<Verdict<K>> on(K host, Result result, Instant now) {
    if (!members.contains(host)) {
      return List.of();
    }
    Host state = hosts.computeIfAbsent(host, h -> new Host());
    if (state.out) {
      return List.of();
    }
    boolean over =
        switch (result) {
          case Result.Status status -> onStatus(state, status.code());
          case Result.LocalError e -> onLocalError(state);
        };
    if (!over || !mayEject()) {
      return List.of();
    }
    state.out = true;
    ejected++;
    state.multiplier++;
    state.errors5xx = 0;
    state.gatewayErrors = 0;
    state.localErrors = 0;
    var time = policy.baseEjectionTime().multipliedBy(state.multiplier);
    state.until =
        now.plus(time.compareTo(policy.maxEjectionTime()) > 0 ? policy.maxEjectionTime() : time);
    return List.of(new Verdict<>(host, true));
  }

  private boolean onStatus(Host state, int code) {
    if (policy.splitExternalLocalOriginErrors()) {
      state.localErrors = 0;
    }
    state.errors5xx = code >= 500 ? state.errors5xx + 1 : 0;
    state.gatewayErrors = code >= 502 && code <= 504 ? state.gatewayErrors + 1 : 0;
    return reached(state.errors5xx, policy.consecutive5xx())
        || reached(state.gatewayErrors, policy.consecutiveGatewayFailures());
  }

  private boolean onLocalError(Host state) {
    if (policy.splitExternalLocalOriginErrors()) {
      state.localErrors++;
      return reached(state.localErrors, policy.consecutiveLocalOriginFailures());
    }
    // Without the split a local failure counts as a 503.
    return onStatus(state, 503);
  }

  private static boolean reached(int count, int limit) {
    return limit > 0 && count >= limit;
  }

  private boolean mayEject() {
    if (ejected == 0 && policy.alwaysEjectOneHost()) {
      return true;
    }
    return 100 * (ejected + 1) <= policy.maxEjectionPercent() * members.size();
  }

  /** Takes endpoints back whose time is over; does work once in each interval. */
  public List<Verdict<K>> tick(Instant now) {
    if (now.isBefore(nextSweep)) {
      return List.of();
    }
    nextSweep = now.plus(policy.interval());
    List<Verdict<K>> back = new ArrayList<>();
    hosts.forEach(
        (key, host) -> {
          if (host.out && !now.isBefore(host.until)) {
            host.out = false;
            ejected--;
            back.add(new Verdict<>(key, false));
          } else if (!host.out && host.multiplier > 0) {
            host.multiplier--;
          }
        });
    return back;
  }

  /** How many endpoints are out. */
  public int ejected() {
    return ejected;
  }
}
