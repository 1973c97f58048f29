package dev.weft.runtime;

import dev.weft.routing.LoadAssignment;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the proxy serves by, compiled. Immutable; a new one shares with the previous one
 * all that did not change, so that {@code ==} on a listener, route table, cluster or assignment
 * tells that it is the same.
 *
 * @param listeners by name
 * @param routeTables by the name that listeners ask for (RDS), with those of {@code virtualHosts}
 *     that are theirs
 * @param virtualHosts that were asked for one by one, by the names they were asked for
 * @param clusters by name
 * @param assignments endpoints by the name that {@link #assignmentOf} looks for; no entry:
 *     endpoints are not known yet
 * @param secrets that the control plane handed out, by the names that TLS settings use
 * @param nameTables by the names that they were told under; together they are {@code nameTable}
 * @param generation counts up with each change
 */
public record RuntimeConfig(
    Map<String, Listener> listeners,
    Map<String, RouteTable> routeTables,
    Map<String, VirtualHost> virtualHosts,
    Map<String, Cluster> clusters,
    Map<String, LoadAssignment> assignments,
    Map<String, TlsSecret> secrets,
    Map<String, NameTable> nameTables,
    NameTable nameTable,
    ListenerTable captured,
    long generation) {
  public static final RuntimeConfig EMPTY =
      new RuntimeConfig(
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          NameTable.NONE,
          ListenerTable.of(Map.of()),
          0);

  /** The routes of a pipeline, or null while a named table is not there yet (answer 404 NR). */
  public @Nullable RouteTable routesOf(HttpPipeline pipeline) {
    return switch (pipeline.routes()) {
      case RouteSource.Inline inline -> inline.table();
      case RouteSource.ByName byName -> routeTables.get(byName.name());
    };
  }

  /** The endpoints of a cluster, or null while they are not known. */
  public @Nullable LoadAssignment assignmentOf(Cluster cluster) {
    return assignments.get(
        cluster.discovery() instanceof Cluster.Discovery.Eds eds
            ? eds.serviceName()
            : cluster.name());
  }
}
