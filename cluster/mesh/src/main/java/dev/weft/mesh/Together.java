package dev.weft.mesh;

import dev.weft.lab.supervisor.LabCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A step of a mesh that is done in several clusters at once. */
final class Together {
  private Together() {}

  /** What is done in one cluster. */
  interface Step {
    void in(LabCluster cluster) throws IOException;
  }

  /** Does it in all clusters, and fails after it has been tried in each. */
  static void in(List<LabCluster> clusters, Step step) throws IOException {
    List<Future<?>> begun = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (LabCluster each : clusters) {
        begun.add(
            executor.submit(
                () -> {
                  step.in(each);
                  return null;
                }));
      }
    }
    for (int i = 0; i < begun.size(); i++) {
      Future<?> each = begun.get(i);
      if (each.state() == Future.State.FAILED) {
        Throwable why = each.exceptionNow();
        throw new IOException(clusters.get(i).plan().name() + ": " + why.getMessage(), why);
      }
    }
  }
}
