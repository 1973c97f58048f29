package dev.weft.topology.history;

import dev.weft.config.ConfigObject;
import dev.weft.config.ObjectRef;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Severity;
import dev.weft.topology.history.Happening.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which objects of users differ between two snapshots. */
final class ObjectChanges {
  private ObjectChanges() {}

  static List<Happening> between(MeshSnapshot before, MeshSnapshot after) {
    Map<ObjectRef, Object> was = objects(before);
    Map<ObjectRef, Object> is = objects(after);
    TreeSet<ObjectRef> all = new TreeSet<>(was.keySet());
    all.addAll(is.keySet());
    List<Happening> happenings = new ArrayList<>();
    for (ObjectRef ref : all) {
      if (!Objects.equals(was.get(ref), is.get(ref))) {
        String what =
            was.get(ref) == null ? "created" : is.get(ref) == null ? "removed" : "changed";
        happenings.add(
            new Happening(
                Kind.CONFIG,
                Severity.INFO,
                "config-" + what,
                Map.of("kind", ref.kind().kind(), "namespace", ref.namespace(), "name", ref.name()),
                List.of()));
      }
    }
    return happenings;
  }

  private static Map<ObjectRef, Object> objects(MeshSnapshot snapshot) {
    Map<ObjectRef, Object> objects = new TreeMap<>();
    add(objects, snapshot.virtualServices());
    add(objects, snapshot.gateways());
    add(objects, snapshot.istioGateways());
    snapshot.peerAuthentications().byNamespace().values().forEach(all -> add(objects, all));
    snapshot.accessPolicies().authorization().values().forEach(all -> add(objects, all));
    snapshot.accessPolicies().authentication().values().forEach(all -> add(objects, all));
    // Rules of one host are one: whose part changed is not to be seen, so all of them did.
    for (MergedDestinationRule rule : snapshot.destinationRules().all()) {
      rule.sources().forEach(ref -> objects.put(ref, rule));
    }
    return objects;
  }

  private static void add(Map<ObjectRef, Object> objects, Collection<? extends ConfigObject> some) {
    some.forEach(object -> objects.put(object.meta().ref(), object));
  }
}
