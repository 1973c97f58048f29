package dev.weft.translate;

import dev.weft.snapshot.HeadlessView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.translate.NameTableInputs.Entry;
import dev.weft.translate.ProxyView.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names that a pod's DNS proxy answers. Istio: pkg/dns/server/name_table.go. */
final class NameTables {
  private NameTables() {}

  static NameTableInputs of(ProxyView view) {
    SortedMap<String, Entry> names = new TreeMap<>();
    Aliases aliases = new Aliases(view);
    for (Visible visible : view.services()) {
      MeshService service = visible.service();
      if (service.headlessFor(view.cluster())) {
        headless(view, service, names);
      } else {
        put(names, service.hostname(), Called.addresses(view, service), service);
      }
    }
    List.copyOf(names.entrySet())
        .forEach(
            named ->
                aliases
                    .of(named.getKey())
                    .forEach(a -> put(names, a.hostname(), named.getValue().ips(), a)));
    return new NameTableInputs(names);
  }

  /**
   * The pods that are ready, those of the client's own cluster first; the service's address of the
   * mesh where all of them are behind a gateway, and for each of those that has a name its own.
   */
  private static void headless(
      ProxyView view, MeshService service, SortedMap<String, Entry> names) {
    HeadlessView reach = HeadlessView.of(view.snapshot(), service, view.client());
    List<String> own = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (ServiceEndpoint pod : reach.pods()) {
      boolean here = pod.cluster().equals(view.cluster());
      boolean ready =
          pod.health() == ServiceEndpoint.Health.READY
              || (service.publishNotReady() && pod.health() == ServiceEndpoint.Health.NOT_READY);
      if (!ready) {
        continue;
      }
      (here ? own : others).add(pod.address());
      if (!pod.hostname().isEmpty()
          && (here || !names.containsKey(service.podHost(pod.hostname())))) {
        pod(names, service, pod.hostname(), pod.address());
      }
    }
    own.addAll(others);
    reach.behind().forEach((pod, endpoint) -> pod(names, service, pod, service.podVips().get(pod)));
    put(
        names,
        service.hostname(),
        reach.dialled() ? own.stream().distinct().toList() : reach.addresses(service),
        service);
  }

  private static void pod(
      SortedMap<String, Entry> names, MeshService service, String pod, @Nullable String address) {
    if (address != null) {
      String shortName = pod + "." + service.id().name();
      put(names, service.podHost(pod), List.of(address), shortName, service);
    }
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
      names.put(
          host,
          service.entry().isPresent()
              ? new Entry(ips, "", "")
              : new Entry(ips, shortName, service.id().namespace()));
    }
  }
}
