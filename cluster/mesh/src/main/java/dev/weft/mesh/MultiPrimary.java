package dev.weft.mesh;

import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabGround;
import dev.weft.lab.supervisor.MeshModel;
import java.io.IOException;
import java.util.List;

/**
 * A control plane in every cluster, each of which reads the others too. Confined to the thread that
 * composes.
 */
final class MultiPrimary implements MeshModel {
  private boolean forgot;

  /** Control planes live in clusters: there is nothing before those. */
  @Override
  public void begin(LabGround ground) {}

  @Override
  public void join(LabGround ground) throws IOException {
    Operator operator = new Operator(ground);
    List<LabCluster> clusters = ground.clusters();
    if (!forgot) {
      clusters.forEach(each -> MeshObjects.forget(each.api()));
      forgot = true;
    }
    clusters.forEach(each -> new Installation(operator, each).namespaces());
    SharedRoot.plug(operator, clusters);
    Together.in(clusters, each -> install(new Installation(operator, each)));
    RemoteSecrets.exchange(operator, clusters, clusters);
  }

  private static void install(Installation in) throws IOException {
    in.controlPlane(false);
    if (in.entered()) {
      in.eastWestGateway();
      in.exposeServices();
    }
  }

  @Override
  public List<String> lacks(LabGround ground) {
    List<LabCluster> clusters = ground.clusters();
    return clusters.stream()
        .flatMap(each -> MeshReadiness.lacks(each, List.of(each), clusters).stream())
        .toList();
  }
}
