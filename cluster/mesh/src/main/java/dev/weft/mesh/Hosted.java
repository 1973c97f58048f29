package dev.weft.mesh;

import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.LabDirectory;
import dev.weft.lab.supervisor.LabGround;
import dev.weft.lab.supervisor.LabPlan;
import dev.weft.lab.supervisor.MeshModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One control plane outside all clusters of users, with a config API of its own, which is a cluster
 * too: serverless gateways run in it. Confined to the thread that composes, which waits for {@link
 * #begin}.
 */
final class Hosted implements MeshModel {
  private boolean begun;
  private boolean said;

  @Override
  public void begin(LabGround ground) throws IOException {
    if (begun) {
      return;
    }
    LabGround.MeshNode node = ground.mesh();
    LabApi mesh = node.cluster().api();
    MeshObjects.forget(mesh);
    LabDirectory.write(
        ControlProcess.kubeconfig(ground),
        mesh.wanKubeconfig(MeshObjects.NAMESPACE, ControlProcess.ACCOUNT));
    ground.supervise(ControlProcess.NAME, node.place(), ControlProcess.command(ground));
    begun = true;
  }

  @Override
  public void join(LabGround ground) throws IOException {
    for (LabCluster each : ground.clusters()) {
      ClusterObjects objects = new ClusterObjects(each.api().store());
      objects.namespace("istio-system", Map.of("topology.istio.io/network", each.plan().network()));
      objects.namespace("default", Map.of("istio-injection", "enabled"));
    }
    LabGround.MeshNode node = ground.mesh();
    LabCluster mesh = node.cluster();
    List<LabCluster> members = new ArrayList<>(ground.clusters());
    members.add(mesh);
    MeshObjects.write(mesh.api(), members);
    for (int port :
        List.of(
            ControlProcess.MONITORING_PORT, ControlProcess.CONSOLE_PORT, ControlProcess.XDS_PORT)) {
      ground.forward(LabPlan.MESH, ControlProcess.NAME, node.place(), ControlProcess.ADDRESS, port);
    }
  }

  @Override
  public List<String> lacks(LabGround ground) {
    LabCluster mesh;
    try {
      mesh = ground.mesh().cluster();
    } catch (IOException e) {
      return List.of("the config API: " + e.getMessage());
    }
    if (!MeshObjects.memberClusters(mesh.api(), ground.plan())) {
      return List.of("the control plane has not said anything yet");
    }
    if (!said) {
      said = true;
      ground.say("config API mesh, control plane at " + ControlProcess.ADDRESS);
    }
    List<LabCluster> members = new ArrayList<>(ground.clusters());
    members.add(mesh);
    List<String> lacks = MeshReadiness.lacks(mesh.api(), members);
    if (lacks.isEmpty()) {
      ground.say("sidecar injection and cross-cluster proxies");
    }
    return lacks;
  }
}
