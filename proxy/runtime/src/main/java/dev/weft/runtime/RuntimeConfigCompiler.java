package dev.weft.runtime;

import dev.weft.routing.LoadAssignment;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiles xDS resources. Strict: a resource that asks for something that we do not implement, and
 * that would change what happens to traffic, is refused by name, and the last good version of it
 * stays; everything else goes on. Of a route table, which many services share, only the virtual
 * host is refused. What did not change is shared with the previous configuration.
 */
public final class RuntimeConfigCompiler {
  private RuntimeConfigCompiler() {}

  /** The configuration after some changes. */
  public static Compiled compile(RuntimeConfig previous, Collection<Change> changes) {
    Draft draft = new Draft(previous);
    for (Change change : changes) {
      draft.apply(change);
    }
    return draft.finish();
  }

  /** Confined to one call. */
  private static final class Draft {
    private final RuntimeConfig previous;
    private final Table<Listener> listeners;
    private final Table<RouteTable> routes;
    private final Table<VirtualHost> hosts;
    private final Table<Cluster> clusters;
    private final Table<LoadAssignment> assignments;
    private final Table<TlsSecret> secrets;
    private final Table<NameTable> names;
    private boolean namesTold;
    private final List<Rejection> rejections = new ArrayList<>();

    Draft(RuntimeConfig previous) {
      this.previous = previous;
      listeners = new Table<>(previous.listeners());
      routes = new Table<>(previous.routeTables());
      clusters = new Table<>(previous.clusters());
      assignments = new Table<>(previous.assignments());
      secrets = new Table<>(previous.secrets());
      hosts = new Table<>(previous.virtualHosts());
      names = new Table<>(previous.nameTables());
    }

    void apply(Change change) {
      switch (change) {
        case Change.Set set -> set(set);
        case Change.Remove remove -> remove(remove);
      }
    }

    private void set(Change.Set set) {
      try {
        switch (set.type()) {
          case LISTENER -> listeners.put(set.name(), read(set, ListenerCompiler::compile));
          case ROUTE -> routes(set);
          case CLUSTER -> cluster(set);
          case ENDPOINT -> assignments.put(set.name(), read(set, EndpointCompiler::assignment));
          case VIRTUAL_HOST -> host(set);
          case NAME_TABLE ->
              names.put(set.name(), NameTableCompiler.compile(ProtoFields.of(set.bytes(), "")));
          case SECRET -> secrets.put(set.name(), read(set, SecretCompiler::compile));
          case EXTENSION_CONFIG ->
              throw new FieldException("", "this proxy takes no resources of this type");
        }
      } catch (FieldException e) {
        reject(set, e.field(), e.reason());
      } catch (IllegalArgumentException e) {
        // Thrown by constructors of values, whose messages name the field and the value.
        reject(set, "", String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        // A fault of ours must not take the other resources with it.
        reject(set, "", "internal error: " + e);
      }
    }

    private void routes(Change.Set set) {
      List<Rejection> parts = new ArrayList<>();
      RouteTable table =
          read(
              set,
              in ->
                  RouteCompiler.table(
                      in,
                      routes.now().get(set.name()),
                      (field, reason) -> parts.add(rejection(set, field, reason, true))));
      routes.put(set.name(), table);
      rejections.addAll(parts);
    }

    private void host(Change.Set set) {
      List<Rejection> parts = new ArrayList<>();
      String table = VirtualHostName.parse(set.name()).map(VirtualHostName::table).orElse("");
      VirtualHost host =
          read(
              set,
              in ->
                  RouteCompiler.host(
                      in,
                      table,
                      hosts.now().get(set.name()),
                      (field, reason) -> parts.add(rejection(set, field, reason, true))));
      hosts.put(set.name(), host);
      rejections.addAll(parts);
    }

    /** Puts the hosts that were asked for into the tables that they are of. */
    private void fill() {
      if (!hosts.touched() && !routes.touched()) {
        return;
      }
      Map<String, SortedMap<String, VirtualHost>> byTable = new HashMap<>();
      hosts
          .now()
          .forEach(
              (name, host) ->
                  VirtualHostName.parse(name)
                      .ifPresent(
                          n ->
                              byTable
                                  .computeIfAbsent(n.table(), t -> new TreeMap<>())
                                  .put(host.name(), host)));
      for (RouteTable table : List.copyOf(routes.now().values())) {
        if (table.isOnDemand()) {
          routes.put(
              table.name(),
              table.with(byTable.getOrDefault(table.name(), new TreeMap<>()).values()));
        }
      }
    }

    private void cluster(Change.Set set) {
      ClusterCompiler.Result result = read(set, ClusterCompiler::compile);
      clusters.put(set.name(), result.cluster());
      LoadAssignment inline = result.assignment();
      if (inline != null) {
        assignments.put(set.name(), inline);
      }
    }

    private void remove(Change.Remove remove) {
      switch (remove.type()) {
        case LISTENER -> listeners.remove(remove.name());
        case ROUTE -> routes.remove(remove.name());
        case CLUSTER -> {
          Cluster gone = clusters.remove(remove.name());
          if (gone != null && !(gone.discovery() instanceof Cluster.Discovery.Eds)) {
            assignments.remove(remove.name());
          }
        }
        case ENDPOINT -> assignments.remove(remove.name());
        case VIRTUAL_HOST -> hosts.remove(remove.name());
        case NAME_TABLE -> {
          names.remove(remove.name());
          namesTold = true;
        }
        case SECRET -> secrets.remove(remove.name());
        case EXTENSION_CONFIG -> {}
      }
    }

    private static <T> T read(Change.Set set, Function<ProtoFields, T> compiler) {
      String url = set.type().url();
      ProtoFields fields = ProtoFields.resource(set.bytes(), url.substring(url.indexOf('/') + 1));
      T result = compiler.apply(fields);
      fields.finish();
      return result;
    }

    private void reject(Change.Set set, String field, String reason) {
      rejections.add(rejection(set, field, reason, false));
    }

    private static Rejection rejection(
        Change.Set set, String field, String reason, boolean partly) {
      return new Rejection(set.type(), set.name(), field, reason, partly);
    }

    private NameTable nameTable() {
      return names.touched() || namesTold
          ? NameTable.together(names.now().values())
          : previous.nameTable();
    }

    Compiled finish() {
      fill();
      Map<String, Listener> newListeners = listeners.finish();
      ListenerTable captured =
          newListeners == previous.listeners()
              ? previous.captured()
              : ListenerTable.of(newListeners);
      return new Compiled(
          new RuntimeConfig(
              newListeners,
              routes.finish(),
              hosts.finish(),
              clusters.finish(),
              assignments.finish(),
              secrets.finish(),
              names.finish(),
              nameTable(),
              captured,
              previous.generation() + 1),
          rejections);
    }
  }

  /** A map that is copied when it is first changed. An equal value leaves the old one in place. */
  private static final class Table<V> {
    private final Map<String, V> before;
    private @Nullable Map<String, V> after;

    Table(Map<String, V> before) {
      this.before = before;
    }

    void put(String name, V value) {
      if (!value.equals(now().get(name))) {
        changed().put(name, value);
      }
    }

    @Nullable V remove(String name) {
      return now().containsKey(name) ? changed().remove(name) : null;
    }

    boolean touched() {
      return after != null;
    }

    private Map<String, V> now() {
      return after != null ? after : before;
    }

    private Map<String, V> changed() {
      Map<String, V> map = after;
      if (map == null) {
        map = new HashMap<>(before);
        after = map;
      }
      return map;
    }

    Map<String, V> finish() {
      return after != null ? Map.copyOf(after) : before;
    }
  }
}
