package dev.weft.runtime;

import dev.weft.routing.Cidr;
import java.util.List;

/**
 * What a connection must have to get a filter chain. Empty parts match everything. Which of several
 * chains wins is {@link FilterChainTable}'s matter.
 *
 * @param destinationPort 0: any
 * @param serverNames lower case, {@code host} or {@code *.suffix}
 * @param transportProtocol {@code tls}, {@code raw_buffer} or empty
 */
public record ChainMatch(
    int destinationPort,
    List<Cidr> destinationRanges,
    List<String> serverNames,
    String transportProtocol,
    List<String> applicationProtocols,
    List<Cidr> sourceRanges) {
  public static final ChainMatch ANY =
      new ChainMatch(0, List.of(), List.of(), "", List.of(), List.of());

  public ChainMatch {
    destinationRanges = List.copyOf(destinationRanges);
    serverNames = List.copyOf(serverNames);
    applicationProtocols = List.copyOf(applicationProtocols);
    sourceRanges = List.copyOf(sourceRanges);
  }
}
