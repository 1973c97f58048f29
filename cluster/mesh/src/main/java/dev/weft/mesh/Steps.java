package dev.weft.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import dev.weft.lab.supervisor.LabCluster;
import java.io.IOException;

/**
 * Which steps have been done in a cluster, so that the next start of a lab does not do them again.
 * The system namespace remembers it: who deletes that gets a mesh made anew.
 */
record Steps(LabCluster cluster) {
  private static final String DONE = "lab.weft.dev/done-";

  /** A step; it fails as a whole and is then tried as a whole again. */
  interface Step {
    void run() throws IOException;
  }

  /** Does what has not been done. */
  void once(String name, Step step) throws IOException {
    String mark = DONE + name;
    boolean done =
        cluster
            .api()
            .store()
            .get(Kinds.NAMESPACES, "", MeshObjects.NAMESPACE)
            .filter(namespace -> Meta.annotation(namespace, mark).equals("true"))
            .isPresent();
    if (done) {
      return;
    }
    step.run();
    ObjectNode patch = Trees.object();
    patch.putObject("metadata").putObject("annotations").put(mark, "true");
    cluster.api().store().mergePatch(Kinds.NAMESPACES, "", MeshObjects.NAMESPACE, patch);
  }
}
