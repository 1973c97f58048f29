package dev.weft.proxy.xds;

import dev.weft.demand.Demand;
import dev.weft.demand.Demands;
import dev.weft.runtime.Change;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import dev.weft.xds.OnDemand;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a proxy asks for by name: what clusters and listeners refer to and, where it asks on demand,
 * what traffic needs.
 */
record Needs(Map<XdsType, Set<String>> names) {
  /** What a proxy that asks on demand needs before there is traffic. */
  static final Set<Demand> ALWAYS =
      Set.of(
          new Demand(XdsType.LISTENER, ListenerName.Capture.OUTBOUND.format()),
          new Demand(XdsType.LISTENER, ListenerName.Capture.INBOUND.format()),
          new Demand(XdsType.NAME_TABLE, OnDemand.WILDCARD_HOSTS));

  Needs {
    names = Collections.unmodifiableMap(new EnumMap<>(names));
  }

  /** Of a configuration. */
  static Needs of(RuntimeConfig config, Asker asker) {
    Demands demands = asker.demands();
    Map<XdsType, Set<String>> names = new EnumMap<>(XdsType.class);
    Set<String> endpoints = endpoints(config);
    if (demands.on()) {
      for (XdsType type : List.of(XdsType.LISTENER, XdsType.VIRTUAL_HOST, XdsType.NAME_TABLE)) {
        names.put(type, demands.names(type));
      }
      for (Demand always : ALWAYS) {
        if (asker.dns() || always.type() != XdsType.NAME_TABLE) {
          Objects.requireNonNull(names.get(always.type())).add(always.name());
        }
      }
      for (ListenerName.Capture capture : ListenerName.Capture.values()) {
        Listener told = config.listeners().get(capture.format());
        if (told != null) {
          Objects.requireNonNull(names.get(XdsType.LISTENER)).addAll(told.beside());
        }
      }
      Set<String> clusters = new HashSet<>(ClusterNames.of(config));
      clusters.addAll(asker.likelyClusters());
      names.put(XdsType.CLUSTER, clusters);
      // They have the cluster's name: who asks for both at once need not wait for one first.
      clusters.stream()
          .filter(name -> !config.clusters().containsKey(name))
          .filter(name -> ClusterName.parse(name).orElse(null) instanceof ClusterName.Outbound)
          .forEach(endpoints::add);
    }
    names.put(XdsType.ENDPOINT, endpoints);
    names.put(XdsType.ROUTE, RouteNames.of(config));
    names.put(XdsType.SECRET, SecretNames.of(config));
    return new Needs(names);
  }

  private static Set<String> endpoints(RuntimeConfig config) {
    Set<String> names = new HashSet<>();
    for (Cluster cluster : config.clusters().values()) {
      if (cluster.discovery() instanceof Cluster.Discovery.Eds eds) {
        names.add(eds.serviceName());
      }
    }
    return names;
  }

  /** What a configuration has and nothing needs. */
  List<Change.Remove> unneeded(RuntimeConfig config) {
    Set<String> endpoints = new HashSet<>(config.assignments().keySet());
    for (Cluster cluster : config.clusters().values()) {
      if (!(cluster.discovery() instanceof Cluster.Discovery.Eds)) {
        // They came with the cluster.
        endpoints.remove(cluster.name());
      }
    }
    List<Change.Remove> gone = new ArrayList<>();
    names.forEach(
        (type, needed) -> {
          Set<String> held =
              switch (type) {
                case CLUSTER -> config.clusters().keySet();
                case ENDPOINT -> endpoints;
                case LISTENER -> config.listeners().keySet();
                case ROUTE -> config.routeTables().keySet();
                case VIRTUAL_HOST -> config.virtualHosts().keySet();
                case SECRET -> config.secrets().keySet();
                case NAME_TABLE -> config.nameTables().keySet();
                case EXTENSION_CONFIG -> Set.of();
              };
          held.stream()
              .filter(name -> !needed.contains(name))
              .sorted()
              .forEach(name -> gone.add(new Change.Remove(type, name)));
        });
    return gone;
  }
}
