package dev.weft.translate;

import dev.weft.config.Retries;
import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.VirtualService.HeaderOperations;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One route configuration.
 *
 * @param fallback for hosts that no virtual host has
 * @param onDemand whether there are other hosts, which the proxy asks for one by one
 */
public record RouteTableInputs(String name, List<Host> hosts, Fallback fallback, boolean onDemand) {
  public RouteTableInputs {
    hosts = List.copyOf(hosts);
  }

  /** What becomes of requests for hosts that are not known. */
  public sealed interface Fallback {
    /**
     * A sidecar passes on or refuses.
     *
     * @param ofHost what is configured for it
     * @param ofRoute what is narrower
     */
    record Outbound(Elsewhere elsewhere, RouteConfigs ofHost, RouteConfigs ofRoute)
        implements Fallback {
      Outbound(Elsewhere elsewhere) {
        this(elsewhere, RouteConfigs.NONE, RouteConfigs.NONE);
      }

      /** Of its virtual host and its route. */
      String name() {
        return switch (elsewhere) {
          case Elsewhere.Forwarded forwarded -> "allow_any";
          case Elsewhere.Refused refused -> "block_all";
        };
      }
    }

    /** Nothing: the table is for one service, or the gateway answers 404. */
    record None() implements Fallback {}
  }

  /**
   * A virtual host.
   *
   * @param domains no domain occurs twice in a table
   * @param tlsOnly whether plain requests are sent to HTTPS
   * @param configs for all of its routes
   */
  public record Host(
      String name, List<String> domains, List<Rule> rules, boolean tlsOnly, RouteConfigs configs) {
    public Host {
      domains = List.copyOf(domains);
      rules = List.copyOf(rules);
    }

    Host(String name, List<String> domains, List<Rule> rules, boolean tlsOnly) {
      this(name, domains, rules, tlsOnly, RouteConfigs.NONE);
    }
  }

  /** A route. */
  public sealed interface Rule {
    /** The same to other clusters. */
    Rule to(UnaryOperator<String> cluster);

    /**
     * To a service that nobody wrote routes for.
     *
     * @param operation for traces, {@code host:port/*}
     * @param retries the mesh's own
     * @param hash null where the service is not balanced by a hash
     */
    record Plain(String cluster, String operation, Retries retries, @Nullable HashKey hash)
        implements Rule {
      static final String NAME = "default";

      @Override
      public Rule to(UnaryOperator<String> other) {
        return new Plain(other.apply(cluster), operation, retries, hash);
      }
    }

    /**
     * As a VirtualService says.
     *
     * @param match null for any request
     * @param retries those of the route, else the mesh's own
     * @param destinations of a forwarding route, in order; entries of no weight are left out
     * @param source path of the VirtualService
     */
    record Written(
        String name,
        @Nullable HttpMatch match,
        HttpRoute route,
        Retries retries,
        List<Destination> destinations,
        List<Mirror> mirrors,
        String operation,
        String source)
        implements Rule {
      public Written {
        destinations = List.copyOf(destinations);
        mirrors = List.copyOf(mirrors);
      }

      @Override
      public Rule to(UnaryOperator<String> other) {
        return new Written(
            name,
            match,
            route,
            retries,
            destinations.stream()
                .map(
                    d ->
                        new Destination(
                            other.apply(d.cluster()), d.weight(), d.headers(), d.hash()))
                .toList(),
            mirrors.stream()
                .map(m -> new Mirror(other.apply(m.cluster()), m.percentage()))
                .toList(),
            operation,
            source);
      }
    }

    /**
     * With configuration for it alone.
     *
     * @param rule one that has none
     */
    record Configured(Rule rule, RouteConfigs configs) implements Rule {
      @Override
      public Rule to(UnaryOperator<String> other) {
        return new Configured(rule.to(other), configs);
      }
    }
  }

  public record Destination(
      String cluster, int weight, HeaderOperations headers, @Nullable HashKey hash) {}

  public record Mirror(String cluster, double percentage) {}
}
