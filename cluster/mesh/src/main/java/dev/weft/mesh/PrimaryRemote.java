package dev.weft.mesh;

import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabGround;
import dev.weft.lab.supervisor.MeshModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The control plane of the first cluster serves all; the others reach it through its gateway.
 * Confined to the thread that composes.
 */
final class PrimaryRemote implements MeshModel {
  private boolean forgot;

  /** The control plane lives in a cluster: there is nothing before that. */
  @Override
  public void begin(LabGround ground) {}

  @Override
  public void join(LabGround ground) throws IOException {
    Operator operator = new Operator(ground);
    List<LabCluster> clusters = ground.clusters();
    LabCluster primary = clusters.getFirst();
    if (!forgot) {
      MeshObjects.forget(primary.api());
      forgot = true;
    }
    clusters.forEach(each -> new Installation(operator, each).namespaces());
    Installation served = new Installation(operator, primary);
    served.controlPlane(true);
    served.eastWestGateway();
    served.exposeControlPlane();
    if (served.entered()) {
      served.exposeServices();
    }
    String address = served.gatewayAddress();
    Together.in(
        remotes(ground),
        each -> {
          Installation remote = new Installation(operator, each);
          remote.servedBy(primary.plan().name());
          remote.remote(address);
        });
    RemoteSecrets.exchange(operator, List.of(primary), clusters);
  }

  /** A gateway of a remote cluster gets its proxy from the control plane, which has to be there. */
  @Override
  public List<String> lacks(LabGround ground) {
    List<LabCluster> clusters = ground.clusters();
    List<String> lacks =
        new ArrayList<>(MeshReadiness.lacks(clusters.getFirst(), clusters, clusters));
    List<LabCluster> ready =
        remotes(ground).stream().filter(each -> MeshReadiness.injects(each.api().store())).toList();
    try {
      Together.in(ready, each -> gateway(new Installation(new Operator(ground), each)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return lacks;
  }

  private static void gateway(Installation in) throws IOException {
    if (in.entered()) {
      in.eastWestGateway();
      in.exposeServices();
    }
  }

  private static List<LabCluster> remotes(LabGround ground) {
    List<LabCluster> clusters = ground.clusters();
    return clusters.subList(1, clusters.size());
  }
}
