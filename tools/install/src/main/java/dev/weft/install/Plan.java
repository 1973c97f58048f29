package dev.weft.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is put into a cluster, in order. Webhooks come when the control plane answers, and gateways
 * after them, since the injector completes their pods.
 *
 * @param types CustomResourceDefinitions
 * @param parts everything else of {@code base}, {@code cni} and {@code control}
 */
record Plan(
    List<KubeObject> types,
    List<KubeObject> parts,
    List<KubeObject> webhooks,
    List<KubeObject> gateways) {

  private static final Set<String> PARTS = Set.of(Marks.BASE, Marks.CNI, Marks.CONTROL);

  Plan {
    types = ordered(types);
    parts = ordered(parts);
    webhooks = ordered(webhooks);
    gateways = ordered(gateways);
  }

  static Plan of(List<KubeObject> objects) {
    List<KubeObject> types = new ArrayList<>();
    List<KubeObject> parts = new ArrayList<>();
    List<KubeObject> webhooks = new ArrayList<>();
    List<KubeObject> gateways = new ArrayList<>();
    for (KubeObject object : objects) {
      String component = object.label(Marks.COMPONENT);
      if (object.kind() == KubeKind.CUSTOM_RESOURCE_DEFINITION) {
        types.add(object);
      } else if (object.kind().webhook()) {
        webhooks.add(object);
      } else if (PARTS.contains(component)) {
        parts.add(object);
      } else {
        gateways.add(object);
      }
    }
    return new Plan(types, parts, webhooks, gateways);
  }

  List<KubeObject> all() {
    List<KubeObject> all = new ArrayList<>(types);
    all.addAll(parts);
    all.addAll(webhooks);
    all.addAll(gateways);
    return all;
  }

  /** All but the types, which every mesh of a cluster shares. */
  List<KubeObject> owned() {
    List<KubeObject> owned = all();
    owned.removeAll(types);
    return owned;
  }

  Set<String> namespaces() {
    Set<String> namespaces = new TreeSet<>();
    owned().forEach(o -> namespaces.add(o.namespace()));
    namespaces.remove("");
    return namespaces;
  }

  private static List<KubeObject> ordered(List<KubeObject> objects) {
    return objects.stream()
        .sorted(
            Comparator.comparing(KubeObject::kind)
                .thenComparing(KubeObject::namespace)
                .thenComparing(KubeObject::name))
        .toList();
  }
}
