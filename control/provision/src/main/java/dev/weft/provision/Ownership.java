package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the mesh marks what it keeps in one place, and whose an object there is. What somebody else
 * keeps is neither overwritten nor deleted.
 *
 * @param mesh what tells this mesh from others that write into the same place
 * @param revision of this control plane
 * @param cluster the member cluster that the place is; empty for the mesh's own API
 * @param registered ids under which the mesh knows clusters now: one cluster can be registered
 *     twice
 */
public record Ownership(String mesh, String revision, String cluster, Set<String> registered) {
  /** On everything that the mesh keeps; its value is {@link #MESH}. */
  public static final String LABEL = "mesh.weft.dev/managed-by";

  public static final String MESH = "weft";

  /** On what belongs to an IstioGateway: its name. */
  public static final String GATEWAY = "mesh.weft.dev/gateway";

  /** What the mesh wrote last, so that fields that it no longer wants can be told from others'. */
  public static final String LAST_APPLIED = "mesh.weft.dev/last-applied";

  /** Which control plane of the mesh; on what is not the same for all of them. */
  public static final String REVISION = "istio.io/rev";

  /** Which mesh. Objects of release 0.1.0 lack it. */
  static final String MESH_ID = "mesh.weft.dev/mesh";

  /** Under which id the mesh knows the cluster. */
  static final String CLUSTER = "mesh.weft.dev/cluster";

  /** On what the charts make: the namespace of the control plane that it is for. */
  static final String INSTALLED_FOR = "install.weft.dev/owner";

  public Ownership {
    registered = Collections.unmodifiableSet(new TreeSet<>(registered));
  }

  /** Whose an object is. */
  sealed interface Claim {
    /** This control plane's. */
    record Ours() implements Claim {}

    /** Made by a mesh of release 0.1.0; which one, its labels do not say. */
    record Unsigned() implements Claim {}

    /** Made by the charts, for this control plane. */
    record Installed() implements Claim {}

    /** Somebody's, and not marked by any mesh. */
    record Unmarked(String owner) implements Claim {}

    /** Another mesh's, or another control plane's of this mesh. */
    record Theirs(String owner) implements Claim {}
  }

  /** Adds the labels by which the mesh knows its objects again. */
  Manifest mark(Manifest manifest) {
    ObjectNode body = manifest.body().deepCopy();
    ObjectNode labels = Objects.labels(body);
    labels.put(MESH_ID, mesh);
    if (!cluster.isEmpty()) {
      labels.put(CLUSTER, cluster);
    }
    if (manifest.key().kind().perRevision()) {
      labels.put(REVISION, revision);
    }
    return Manifest.of(body);
  }

  Claim claim(ManagedKind kind, JsonNode body) {
    JsonNode labels = body.path("metadata").path("labels");
    // The label alone says nothing: a cluster's own controllers copy the labels of a Service to
    // its EndpointSlices.
    boolean written =
        labels.path(LABEL).asText("").equals(MESH)
            && body.path("metadata").path("annotations").has(LAST_APPLIED);
    String itsRevision = labels.path(REVISION).asText("");
    if (!written) {
      return labels.has(INSTALLED_FOR) && itsRevision.equals(revision)
          ? new Claim.Installed()
          : new Claim.Unmarked(stranger(body));
    }
    String itsMesh = labels.path(MESH_ID).asText("");
    if (itsMesh.isEmpty()) {
      return new Claim.Unsigned();
    }
    if (!itsMesh.equals(mesh)) {
      return new Claim.Theirs("mesh " + itsMesh);
    }
    String itsCluster = labels.path(CLUSTER).asText("");
    if (!itsCluster.equals(cluster) && registered.contains(itsCluster)) {
      return new Claim.Theirs(
          "this mesh too, which knows the same cluster by a second name, " + itsCluster);
    }
    if (kind.perRevision() && !itsRevision.isEmpty() && !itsRevision.equals(revision)) {
      return new Claim.Theirs("revision " + itsRevision + " of this mesh");
    }
    return new Claim.Ours();
  }

  private static String stranger(JsonNode body) {
    JsonNode metadata = body.path("metadata");
    JsonNode labels = metadata.path("labels");
    String release = metadata.path("annotations").path("meta.helm.sh/release-name").asText("");
    if (!release.isEmpty()) {
      return "the Helm release " + release;
    }
    String installed = labels.path(INSTALLED_FOR).asText("");
    if (!installed.isEmpty()) {
      return "the control plane in namespace " + installed;
    }
    for (String label :
        new String[] {
          "install.operator.istio.io/owning-resource",
          "operator.istio.io/component",
          "istio.io/config"
        }) {
      if (labels.has(label)) {
        return "an Istio (it has the label " + label + ")";
      }
    }
    String manager = labels.path("app.kubernetes.io/managed-by").asText("");
    return manager.isEmpty() ? "somebody else" : manager;
  }
}
