package dev.weft.bench;

import dev.weft.config.MeshSettings;
import dev.weft.control.ingest.ConfigStore;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.Workload;
import dev.weft.translate.Changes;
import dev.weft.translate.PolicyReads;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.translate.Translation;
import dev.weft.translate.ViewResources;
import dev.weft.translate.Viewpoint;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a mesh of a size takes of the heap and of one processor, in one process, in one thread and
 * without sockets: of the services, of each viewpoint, and of each sidecar that takes everything.
 * The arguments are services, viewpoints and sidecars.
 */
public final class LargeMesh {
  private static final int PODS = 3;
  private static final int EDITS = 20;

  private final SyntheticFacts facts;
  private final ConfigStore store = new ConfigStore(MeshSettings.defaults());
  private final Translation translation = new Translation();
  private final Map<Viewpoint, ViewResources> views = new HashMap<>();
  private final List<ServedSidecar> sidecars = new ArrayList<>();
  private SnapshotBuilder.Built latest = SnapshotBuilder.Built.nothing(MeshSettings.defaults());

  private LargeMesh(int services) {
    this.facts = new SyntheticFacts(services, PODS);
  }

  public static void main(String[] args) {
    if (args.length != 3) {
      System.err.println("usage: LargeMesh SERVICES VIEWPOINTS SIDECARS");
      System.exit(2);
    }
    new LargeMesh(Integer.parseInt(args[0]))
        .run(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
  }

  private void run(int viewpoints, int count) {
    double before = megabytes();
    facts.tell(store::apply);
    latest = SnapshotBuilder.build(store.toSet(), latest);
    double services = megabytes() - before;
    say("services and their pods", services, facts.services());
    long begin = cpu();
    look(viewpoints);
    long looked = cpu() - begin;
    double seen = megabytes() - before - services;
    say("viewpoints", seen, views.size());
    took("making a viewpoint", looked, views.size());
    begin = cpu();
    List<ViewResources> all = List.copyOf(views.values());
    for (int i = 0; i < count; i++) {
      sidecars.add(ServedSidecar.connected(all.get(i % all.size())));
    }
    long connected = cpu() - begin;
    say("sidecars", megabytes() - before - services - seen, count);
    took("connecting a sidecar", connected, count);
    change("an endpoint", i -> facts.flip(i / 2, i % 2 == 1, store::apply));
    change("a VirtualService", i -> facts.route(0, i + 1, store::apply));
    System.out.printf(Locale.ROOT, "heap in use: %.0f MB%n", megabytes());
  }

  /** Where pods of different namespaces look from, and then pods of the same with labels read. */
  private void look(int viewpoints) {
    MeshSnapshot snapshot = latest.snapshot();
    PolicyReads reads = PolicyReads.of(snapshot);
    for (Workload pod : snapshot.workloads().values()) {
      if (views.size() == viewpoints) {
        return;
      }
      Viewpoint at = Viewpoint.of(snapshot, ProxyNode.of(pod, ProxyRole.SIDECAR), reads);
      views.computeIfAbsent(at, this::made);
    }
  }

  private ViewResources made(Viewpoint at) {
    return translation.view(at, latest.snapshot());
  }

  private interface Edit {
    void number(int number);
  }

  private void change(String what, Edit edit) {
    // Not measured: the first one makes what is made once.
    long unused = change(edit, 0);
    long begin = cpu();
    long bytes = 0;
    for (int i = 1; i <= EDITS; i++) {
      bytes += change(edit, i);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f ms CPU a change, %.1f KB to a sidecar%n",
        what,
        (cpu() - begin) / 1e6 / EDITS,
        bytes / 1e3 / EDITS / Math.max(1, sidecars.size()));
  }

  private long change(Edit edit, int number) {
    edit.number(number);
    latest = SnapshotBuilder.build(store.toSet(), latest);
    Map<Viewpoint, Changes> changes = new HashMap<>();
    views.forEach((at, view) -> changes.put(at, view.advance(latest.snapshot(), latest.delta())));
    long bytes = 0;
    for (ServedSidecar sidecar : sidecars) {
      bytes += sidecar.changed(changes.getOrDefault(sidecar.view().at(), Changes.NONE));
    }
    return bytes;
  }

  private static void say(String what, double megabytes, int count) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f MB, %.2f KB each of %d%n",
        what,
        megabytes,
        megabytes * 1e3 / Math.max(1, count),
        count);
  }

  private static void took(String what, long nanos, int count) {
    System.out.printf(Locale.ROOT, "%s: %.1f ms CPU%n", what, nanos / 1e6 / Math.max(1, count));
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double megabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
  }
}
