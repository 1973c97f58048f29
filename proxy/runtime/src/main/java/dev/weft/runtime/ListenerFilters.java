package dev.weft.runtime;

import java.util.List;

/**
 * What a listener finds out about a connection before it chooses a chain.
 *
 * @param originalDst the destination before redirection counts as the destination
 */
public record ListenerFilters(boolean originalDst, Inspector tls, Inspector http) {
  public static final ListenerFilters NONE =
      new ListenerFilters(false, Inspector.OFF, Inspector.OFF);

  /**
   * A look at the first bytes.
   *
   * @param except destination ports where it is left out
   */
  public record Inspector(boolean on, List<PortRange> except) {
    public static final Inspector OFF = new Inspector(false, List.of());
    public static final Inspector ON = new Inspector(true, List.of());

    public Inspector {
      except = List.copyOf(except);
    }

    /** Whether to look at connections to this (original) destination port. */
    public boolean appliesTo(int port) {
      return on && except.stream().noneMatch(r -> r.contains(port));
    }
  }

  /** Ports from {@code start} to before {@code end}. */
  public record PortRange(int start, int end) {
    public boolean contains(int port) {
      return port >= start && port < end;
    }
  }
}
