package dev.weft.mesh;

import dev.weft.lab.net.Place;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabDirectory;
import dev.weft.lab.supervisor.LabGround;
import dev.weft.lab.supervisor.MeshModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One control plane outside all clusters, with a config API of its own. Confined to the thread that
 * composes, which waits for {@link #begin}.
 */
final class Hosted implements MeshModel {
  /** The name of the config API and of its context. */
  private static final String MESH = "mesh";

  private boolean begun;
  private boolean said;

  @Override
  public void begin(LabGround ground) throws IOException {
    if (begun) {
      return;
    }
    LabApi mesh = configApi(ground);
    MeshObjects.forget(mesh);
    LabDirectory.write(
        ControlProcess.kubeconfig(ground),
        mesh.wanKubeconfig(MeshObjects.NAMESPACE, ControlProcess.ACCOUNT));
    ground.supervise(ControlProcess.NAME, host(ground), ControlProcess.command(ground));
    begun = true;
  }

  @Override
  public void join(LabGround ground) throws IOException {
    for (LabCluster each : ground.clusters()) {
      ClusterObjects objects = new ClusterObjects(each.api().store());
      objects.namespace("istio-system", Map.of("topology.istio.io/network", each.plan().network()));
      objects.namespace("default", Map.of("istio-injection", "enabled"));
    }
    MeshObjects.write(configApi(ground), ground.clusters());
    ground.forward(
        MESH, ControlProcess.NAME, ControlProcess.ADDRESS, ControlProcess.MONITORING_PORT);
    ground.forward(MESH, ControlProcess.NAME, ControlProcess.ADDRESS, ControlProcess.CONSOLE_PORT);
  }

  @Override
  public List<String> lacks(LabGround ground) {
    LabApi mesh;
    try {
      mesh = configApi(ground);
    } catch (IOException e) {
      return List.of("the config API: " + e.getMessage());
    }
    if (!MeshObjects.memberClusters(mesh, ground.plan())) {
      return List.of("the control plane has not said anything yet");
    }
    if (!said) {
      said = true;
      ground.say("config API mesh, control plane at " + ControlProcess.ADDRESS);
    }
    List<String> lacks = MeshReadiness.lacks(mesh, ground.clusters());
    if (lacks.isEmpty()) {
      ground.say("sidecar injection and cross-cluster proxies");
    }
    return lacks;
  }

  private static Place host(LabGround ground) throws IOException {
    return ground.host(ControlProcess.NAME, ControlProcess.ADDRESS);
  }

  private static LabApi configApi(LabGround ground) throws IOException {
    return ground.api(MESH, host(ground), ControlProcess.ADDRESS);
  }
}
