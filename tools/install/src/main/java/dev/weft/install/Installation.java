package dev.weft.install;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Installs meshes by the charts: {@code weft install} and what belongs to it. Reading and rendering
 * only decide; all else talks to one cluster.
 */
public final class Installation {
  private final Charts charts;

  private Installation(Charts charts) {
    this.charts = charts;
  }

  /**
   * @param charts the directory with {@code base}, {@code cni}, {@code control} and {@code gateway}
   */
  public static Installation of(Path charts) {
    return new Installation(new Charts(charts));
  }

  /**
   * Reads what the user wants.
   *
   * @param documents IstioOperators as YAML, later over earlier; none for the profile {@code
   *     default}
   * @param settings {@code path=value}, from {@code spec} on, over all documents
   */
  public IstioOperator.Read read(List<String> documents, List<String> settings) {
    Map<String, Object> merged = new LinkedHashMap<>();
    for (String text : documents) {
      for (Map<String, Object> document : Charts.documents(text, "the IstioOperator")) {
        merged = new LinkedHashMap<>(Trees.merged(merged, document));
      }
    }
    if (!settings.isEmpty()) {
      merged.putIfAbsent("apiVersion", IstioOperator.API_VERSION);
      merged.putIfAbsent("kind", IstioOperator.KIND);
      merged.put("spec", Settings.applied(Trees.map(merged.get("spec")), settings));
    }
    return new OperatorReader(
            KnownValues.of(charts.values("base"), charts.values("control"), charts.values("cni")))
        .read(merged);
  }

  /** The objects as YAML documents, in the order of installation. */
  public String manifest(IstioOperator wanted) {
    StringBuilder documents = new StringBuilder();
    for (KubeObject object : plan(wanted).all()) {
      documents.append(Charts.yaml(object.body()));
    }
    return documents.toString();
  }

  /** The objects by title, in the order of installation. */
  public List<String> titles(IstioOperator wanted) {
    return plan(wanted).all().stream().map(KubeObject::title).toList();
  }

  /**
   * Puts everything into a cluster and waits until it stands.
   *
   * @param patience how long each step may take
   * @return by object why it is not ready; empty where all is
   * @throws InstallException where something of another owner is in the way; nothing was changed
   */
  public Map<String, String> install(
      KubernetesClient client, IstioOperator wanted, Duration patience, Progress progress)
      throws InterruptedException {
    return new Installer(new Cluster(client), progress, System::nanoTime, patience)
        .install(wanted, plan(wanted));
  }

  /** Whether a control plane of that revision was installed. */
  public boolean installed(KubernetesClient client, IstioOperator wanted) {
    String suffix = wanted.revision().equals("default") ? "" : "-" + wanted.revision();
    return new Cluster(client)
        .get(
            wanted.servedFromElsewhere() ? KubeKind.SERVICE : KubeKind.DEPLOYMENT,
            wanted.namespace(),
            "istiod" + suffix)
        .filter(d -> d.label(Marks.OWNER).equals(wanted.namespace()))
        .isPresent();
  }

  /** What an installation would meet in the cluster. */
  public List<Finding> precheck(KubernetesClient client, IstioOperator wanted) {
    return new Checks(new Cluster(client)).before(wanted, plan(wanted));
  }

  /** By object of an installation why it does not do its work; empty where all is well. */
  public Map<String, String> verify(
      KubernetesClient client, String namespace, Optional<String> revision) {
    return new Checks(new Cluster(client)).after(namespace, revision);
  }

  /** The same for what an IstioOperator comes to. */
  public Map<String, String> verify(KubernetesClient client, IstioOperator wanted) {
    return new Checks(new Cluster(client)).after(plan(wanted));
  }

  /**
   * Deletes an installation, webhooks first.
   *
   * @param revision empty for all; then also what revisions share, the types with all objects of
   *     users, and what the control plane made by itself
   * @param agreed asked with the titles of what would go; nothing goes unless it says so
   * @return whether there was something
   */
  public boolean uninstall(
      KubernetesClient client,
      String namespace,
      Optional<String> revision,
      Agreement agreed,
      Progress progress) {
    Removal removal = new Removal(new Cluster(client), namespace);
    List<KubeObject> objects = removal.objects(revision, revision.isEmpty());
    if (!objects.isEmpty() && agreed.to(objects.stream().map(KubeObject::title).toList())) {
      removal.delete(objects, progress);
    }
    return !objects.isEmpty();
  }

  /** Asks whether objects may be deleted. */
  public interface Agreement {
    boolean to(List<String> titles);
  }

  public List<Tag> tags(KubernetesClient client, String namespace) {
    return new Tags(new Cluster(client), charts, namespace).list();
  }

  /**
   * @param overwrite whether the tag may move from another revision
   */
  public void setTag(
      KubernetesClient client, String namespace, String tag, String revision, boolean overwrite) {
    new Tags(new Cluster(client), charts, namespace).set(tag, revision, overwrite);
  }

  /** Whether there was such a tag. */
  public boolean removeTag(KubernetesClient client, String namespace, String tag) {
    return new Tags(new Cluster(client), charts, namespace).remove(tag);
  }

  /**
   * The gateway by which other networks enter a cluster, as an IstioOperator in YAML.
   *
   * @param network empty where only clusters without a control plane enter by it
   * @param revision empty for the default one
   */
  public static String eastWestGateway(String network, String revision) {
    return Charts.yaml(EastWestGateway.operator(network, revision));
  }

  private Plan plan(IstioOperator wanted) {
    List<KubeObject> objects = new ArrayList<>();
    for (Release release : Release.of(wanted)) {
      for (KubeObject object : charts.render(release)) {
        KubeObject changed = object;
        for (Overlay overlay : wanted.overlays()) {
          changed = overlay.applied(changed);
        }
        objects.add(changed);
      }
    }
    return Plan.of(objects);
  }
}
