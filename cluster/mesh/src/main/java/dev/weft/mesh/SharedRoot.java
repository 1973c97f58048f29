package dev.weft.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.supervisor.ClusterObjects;
import dev.weft.lab.supervisor.LabCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * One root that all clusters trust, and below it a CA for each, plugged in before a control plane
 * starts. The root's key stays in the directory of the lab.
 */
final class SharedRoot {
  private static final String SECRET = "cacerts";
  private static final List<String> FILES =
      List.of("ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem");

  private SharedRoot() {}

  /** Gives the clusters that have none a CA; what is plugged in is kept. */
  static void plug(Operator operator, List<LabCluster> clusters) throws IOException {
    Path folder = operator.ground().directory().root().resolve("certs");
    for (LabCluster each : clusters) {
      String name = each.plan().name();
      if (each.api().store().get(Kinds.SECRETS, MeshObjects.NAMESPACE, SECRET).isEmpty()) {
        // One after the other: the first one makes the root.
        operator.weft(
            List.of("certs", "intermediate", "--cluster", name, "--out", folder.toString()));
        new ClusterObjects(each.api().store())
            .createMissing(
                Kinds.SECRETS, MeshObjects.NAMESPACE, SECRET, secret(folder.resolve(name)));
        operator.ground().say(name + ": a CA below the root that all clusters share");
      }
    }
  }

  private static ObjectNode secret(Path folder) throws IOException {
    ObjectNode secret = ClusterObjects.object("v1", "Secret", MeshObjects.NAMESPACE, SECRET);
    secret.put("type", "Opaque");
    ObjectNode data = secret.putObject("data");
    for (String file : FILES) {
      data.put(file, Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve(file))));
    }
    return secret;
  }
}
