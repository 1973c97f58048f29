package dev.weft.translate;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.translate.NameTableInputs.Entry;
import dev.weft.translate.ProxyView.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The names that a pod's DNS proxy answers. Istio: pkg/dns/server/name_table.go. */
final class NameTables {
  private NameTables() {}

  static NameTableInputs of(ProxyView view) {
    SortedMap<String, Entry> names = new TreeMap<>();
    for (Visible visible : view.services()) {
      MeshService service = visible.service();
      if (service.headless()) {
        headless(view, service, names);
      } else {
        put(names, service.hostname(), service.addressesFor(view.cluster()), service);
      }
    }
    return new NameTableInputs(names);
  }

  /** Pods of the same network: those of others have addresses that mean something else here. */
  private static void headless(
      ProxyView view, MeshService service, SortedMap<String, Entry> names) {
    List<String> own = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      boolean here = endpoint.cluster().equals(view.cluster());
      boolean ready =
          endpoint.health() == ServiceEndpoint.Health.READY
              || (service.publishNotReady()
                  && endpoint.health() == ServiceEndpoint.Health.NOT_READY);
      if (!ready || !endpoint.network().equals(view.network())) {
        continue;
      }
      (here ? own : others).add(endpoint.address());
      if (!endpoint.hostname().isEmpty()) {
        String name = endpoint.hostname() + "." + service.hostname();
        if (here || !names.containsKey(name)) {
          String shortName = endpoint.hostname() + "." + service.id().name();
          put(names, name, List.of(endpoint.address()), shortName, service);
        }
      }
    }
    own.addAll(others);
    put(names, service.hostname(), own.stream().distinct().toList(), service);
  }

  private static void put(
      SortedMap<String, Entry> names, String host, List<String> ips, MeshService service) {
    put(names, host, ips, service.id().name(), service);
  }

  private static void put(
      SortedMap<String, Entry> names,
      String host,
      List<String> ips,
      String shortName,
      MeshService service) {
    if (!ips.isEmpty()) {
      names.put(host, new Entry(ips, shortName, service.id().namespace()));
    }
  }
}
