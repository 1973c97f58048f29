package dev.weft.server.http;

import dev.weft.demand.Awaiting;
import dev.weft.demand.Demand;
import dev.weft.demand.Demanded;
import dev.weft.demand.Demands;
import dev.weft.routing.RequestView;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.server.worker.Worker;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks for the virtual host of a request where its route table does not have it. */
final class OnDemandHosts {
  /** The longest host name, RFC 1035, 2.3.4. */
  private static final int MOST_CHARACTERS = 253;

  /** What the virtual hosts in force were asked for by, so that a use of them can be noted. */
  private record Uses(Demands demands, List<Demanded> names) {
    void note() {
      demands.used(names);
    }
  }

  private OnDemandHosts() {}

  /**
   * Waits where the host of a request was not asked for yet.
   *
   * @param table null while it is not there
   * @return null where there is nothing to wait for
   */
  static @Nullable Awaiting await(
      Worker worker, @Nullable RouteTable table, RequestView request, Runnable goOn) {
    if (table == null || !table.isOnDemand()) {
      return null;
    }
    Demands demands = worker.workload().demands();
    VirtualHost host = table.exactHost(request);
    if (host != null) {
      worker.plan(host, known -> uses(demands, table, known)).note();
      return null;
    }
    Awaiting named = ask(worker, table, table.domain(request), goOn);
    // Where no virtual host has the name, the address decides: it is the second to be asked for.
    return named != null ? named : ask(worker, table, table.missingAddress(request), goOn);
  }

  private static @Nullable Awaiting ask(
      Worker worker, RouteTable table, String domain, Runnable goOn) {
    if (!isHost(domain)) {
      return null;
    }
    Demands demands = worker.workload().demands();
    Demand demand = demand(table, domain);
    return demands.settled(demand) ? null : demands.await(List.of(demand), worker.loop(), goOn);
  }

  private static Uses uses(Demands demands, RouteTable table, VirtualHost host) {
    return new Uses(
        demands,
        host.domains().stream()
            .map(domain -> demands.used(demand(table, domain)))
            .filter(Objects::nonNull)
            .toList());
  }

  private static Demand demand(RouteTable table, String domain) {
    return new Demand(XdsType.VIRTUAL_HOST, new VirtualHostName(table.name(), domain).format());
  }

  /** Of what could not be a host, nobody is asked. */
  private static boolean isHost(String domain) {
    return !domain.isEmpty()
        && domain.length() <= MOST_CHARACTERS
        && domain
            .chars()
            .allMatch(
                c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-._:[]".indexOf(c) >= 0);
  }
}
