package dev.weft.runtime;

import dev.weft.types.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place where connections come in.
 *
 * @param addresses the first is the main one; IP addresses, {@code 0.0.0.0} and {@code ::} for any
 * @param bindToPort false: no socket of its own; connections are handed over by a listener with
 *     {@code useOriginalDst} whose original destination is this address
 * @param useOriginalDst true: look the original destination up in {@link RuntimeConfig#captured()}
 *     and hand over to the listener found there; where there is none, serve it here
 * @param defaultChain for connections that no chain matches; null: close them (flag {@code NR})
 * @param accessLogs for connections that no chain matches
 * @param inspectTimeout how long listener filters may wait for bytes; zero: for ever
 * @param continueOnInspectTimeout true: go on with what is known then; false: close
 * @param beside names of listeners with sockets of their own, where this one says them
 */
public record Listener(
    String name,
    List<HostPort> addresses,
    boolean bindToPort,
    boolean useOriginalDst,
    Direction direction,
    ListenerFilters filters,
    FilterChainTable chains,
    @Nullable FilterChain defaultChain,
    List<AccessLog> accessLogs,
    Duration inspectTimeout,
    boolean continueOnInspectTimeout,
    List<String> beside) {
  public Listener {
    addresses = List.copyOf(addresses);
    accessLogs = List.copyOf(accessLogs);
    beside = List.copyOf(beside);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("listener " + name + " has no address");
    }
  }

  /** One that says nothing of others. */
  public Listener(
      String name,
      List<HostPort> addresses,
      boolean bindToPort,
      boolean useOriginalDst,
      Direction direction,
      ListenerFilters filters,
      FilterChainTable chains,
      @Nullable FilterChain defaultChain,
      List<AccessLog> accessLogs,
      Duration inspectTimeout,
      boolean continueOnInspectTimeout) {
    this(
        name,
        addresses,
        bindToPort,
        useOriginalDst,
        direction,
        filters,
        chains,
        defaultChain,
        accessLogs,
        inspectTimeout,
        continueOnInspectTimeout,
        List.of());
  }

  /** Which way traffic goes, seen from the workload. */
  public enum Direction {
    UNSPECIFIED,
    INBOUND,
    OUTBOUND
  }

  /** All chains, with the one for what no other matches. */
  public Stream<FilterChain> allChains() {
    return Stream.concat(chains.chains().stream(), Stream.ofNullable(defaultChain));
  }

  public HostPort address() {
    return addresses.getFirst();
  }

  /** The chain for a connection, the default chain, or null: close it. */
  public @Nullable FilterChain chainFor(ConnectionView connection) {
    FilterChain found = chains.match(connection);
    return found != null ? found : defaultChain;
  }
}
