package dev.weft.install;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Puts a plan into a cluster, step by step, and waits for each to stand. */
final class Installer {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Cluster cluster;
  private final Progress progress;
  private final LongSupplier nanoClock;
  private final Duration patience;

  /**
   * @param patience how long one step may take to become ready
   */
  Installer(Cluster cluster, Progress progress, LongSupplier nanoClock, Duration patience) {
    this.cluster = cluster;
    this.progress = progress;
    this.nanoClock = nanoClock;
    this.patience = patience;
  }

  /**
   * @return by object why it is not ready; empty where all is
   */
  Map<String, String> install(IstioOperator wanted, Plan plan) throws InterruptedException {
    List<KubeObject> types = writableTypes(plan);
    refuseOthers(plan);
    for (String namespace : plan.namespaces()) {
      boolean system = namespace.equals(wanted.namespace());
      boolean privileged =
          !system && wanted.cni().filter(c -> c.namespace().equals(namespace)).isPresent();
      namespace(namespace, system ? wanted.network() : "", privileged);
    }
    Map<String, String> lacking = step("types", types);
    if (lacking.isEmpty()) {
      lacking = step(title(wanted), plan.parts());
    }
    if (lacking.isEmpty() && wanted.servedFromElsewhere()) {
      // The control plane that completes them can write here only after this.
      plan.webhooks().forEach(cluster::apply);
    } else if (lacking.isEmpty()) {
      lacking = step("webhooks", plan.webhooks());
    }
    if (lacking.isEmpty()) {
      lacking = step("gateways", plan.gateways());
    }
    if (lacking.isEmpty()) {
      prune(wanted, plan);
      sayWhoServes(wanted);
    }
    return lacking;
  }

  private static String title(IstioOperator wanted) {
    if (!wanted.withControl()) {
      return "base";
    }
    return wanted.servedFromElsewhere() ? "way to the control plane" : "control plane";
  }

  /** A cluster without a control plane names the one by which it wants to be served. */
  private void sayWhoServes(IstioOperator wanted) {
    if (!wanted.servedFromElsewhere()) {
      return;
    }
    boolean named =
        cluster
            .get(KubeKind.NAMESPACE, "", wanted.namespace())
            .filter(n -> !n.annotation(Marks.SERVED_BY).isEmpty())
            .isPresent();
    if (!named) {
      progress.say(
          "to do: kubectl annotate namespace "
              + wanted.namespace()
              + " "
              + Marks.SERVED_BY
              + "=<name of the control plane's cluster>, and give that control plane a remote"
              + " secret for this cluster");
    }
    if (wanted.withControl()) {
      progress.say(
          "pods of namespaces with a proxy are refused until that control plane has a remote secret"
              + " for this cluster: weft verify-install says whether it has been here");
    }
  }

  private List<KubeObject> writableTypes(Plan plan) {
    List<KubeObject> writable = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    for (KubeObject type : plan.types()) {
      switch (Versions.decide(type, cluster.get(type))) {
        case Versions.Decision.Write() -> writable.add(type);
        case Versions.Decision.Leave(Optional<String> warning) ->
            warning.ifPresent(w -> progress.say("warning: " + w));
        case Versions.Decision.Refuse(String reason) -> refusals.add(reason);
      }
    }
    refuse(refusals, "");
    return writable;
  }

  private void refuseOthers(Plan plan) {
    refuse(
        refusals(cluster, plan),
        "\nNothing was changed. Use another --revision or another namespace (spec.namespace), or"
            + " remove the other mesh first.");
  }

  /** Why a plan may not be carried out in this cluster. */
  static List<String> refusals(Cluster cluster, Plan plan) {
    List<String> refusals = new ArrayList<>();
    for (KubeObject object : plan.owned()) {
      cluster
          .get(object)
          .flatMap(there -> Takeover.refusal(object, there))
          .ifPresent(refusals::add);
    }
    if (!plan.webhooks().isEmpty()) {
      List<KubeObject> injectors =
          cluster.list(KubeKind.MUTATING_WEBHOOK_CONFIGURATION, Map.of("app", "sidecar-injector"));
      for (KubeObject wanted : plan.webhooks()) {
        injectors.forEach(i -> Takeover.sameRevision(wanted, i).ifPresent(refusals::add));
      }
    }
    return refusals;
  }

  private static void refuse(List<String> refusals, String wayOut) {
    if (!refusals.isEmpty()) {
      throw new InstallException(
          "this would overwrite what is not this mesh's:\n  "
              + String.join("\n  ", new TreeSet<>(refusals))
              + wayOut);
    }
  }

  /**
   * Creates a namespace, or leaves it as it is, but for a network where it names none.
   *
   * @param privileged whether a new one shall admit what looks after a node
   */
  private void namespace(String name, String network, boolean privileged) {
    Optional<KubeObject> there = cluster.get(KubeKind.NAMESPACE, "", name);
    String before = there.map(n -> n.label(Marks.NETWORK)).orElse("");
    if (there.isPresent() && (network.isEmpty() || before.equals(network))) {
      return;
    }
    if (!before.isEmpty()) {
      progress.say(
          "warning: namespace "
              + name
              + " says network '"
              + before
              + "', values.global.network says '"
              + network
              + "': the label of the namespace is in force");
      return;
    }
    Map<String, Object> labels = new LinkedHashMap<>();
    if (!network.isEmpty()) {
      labels.put(Marks.NETWORK, network);
    }
    if (privileged) {
      labels.put("pod-security.kubernetes.io/enforce", "privileged");
    }
    Map<String, Object> metadata = Map.of("name", name, "labels", labels);
    cluster.apply(
        KubeObject.of(Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", metadata)));
    if (there.isEmpty()) {
      progress.say("namespace " + name + " created");
    }
  }

  private Map<String, String> step(String title, List<KubeObject> objects)
      throws InterruptedException {
    if (objects.isEmpty()) {
      return Map.of();
    }
    for (KubeObject object : objects) {
      cluster.apply(object);
    }
    Map<String, String> lacking = await(objects);
    if (lacking.isEmpty()) {
      progress.say(title + ": " + objects.size() + " objects stand");
    }
    return lacking;
  }

  private Map<String, String> await(List<KubeObject> objects) throws InterruptedException {
    long end = nanoClock.getAsLong() + patience.toNanos();
    Map<String, String> said = Map.of();
    while (true) {
      Map<String, String> lacking = lacking(cluster, objects);
      if (lacking.isEmpty() || nanoClock.getAsLong() > end) {
        return lacking;
      }
      if (!lacking.equals(said)) {
        progress.waiting(lacking);
        said = lacking;
      }
      Thread.sleep(POLL);
    }
  }

  /** By object why it is not ready. */
  static Map<String, String> lacking(Cluster cluster, List<KubeObject> objects) {
    Map<String, String> lacking = new TreeMap<>();
    for (KubeObject object : objects) {
      try {
        Optional<KubeObject> there = cluster.get(object);
        if (there.isEmpty()) {
          lacking.put(object.title(), "is not there");
          continue;
        }
        boolean workload = object.kind().workload();
        Readiness.lacking(
                there.get(),
                workload ? cluster.pods(there.get()) : List.of(),
                workload ? cluster.events(object.namespace()) : List.of())
            .ifPresent(reason -> lacking.put(object.title(), reason));
      } catch (KubernetesClientException e) {
        lacking.put(object.title(), "the API server does not answer: " + e.getMessage());
      }
    }
    return lacking;
  }

  /** What this mesh had before, and does not want any more. */
  private void prune(IstioOperator wanted, Plan plan) {
    TreeSet<String> components = new TreeSet<>();
    plan.owned().forEach(o -> components.add(o.label(Marks.COMPONENT)));
    for (KubeKind kind : KubeKind.values()) {
      if (kind == KubeKind.NAMESPACE || kind == KubeKind.CUSTOM_RESOURCE_DEFINITION) {
        continue;
      }
      for (KubeObject there : cluster.list(kind, Map.of(Marks.OWNER, wanted.namespace()))) {
        boolean ours =
            components.contains(there.label(Marks.COMPONENT))
                && (there.label(Marks.REVISION).isEmpty()
                    || there.label(Marks.REVISION).equals(wanted.revision()))
                // A tag that was set by hand is not this plan's to take away.
                && there.label(Marks.TAG).isEmpty();
        if (ours && plan.owned().stream().noneMatch(there::sameAs)) {
          cluster.delete(there);
          progress.say(there.title() + " is no longer wanted: deleted");
        }
      }
    }
  }
}
