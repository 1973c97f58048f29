package dev.weft.lab.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** The background process of a lab. */
public final class LabDaemon {
  private LabDaemon() {}

  /** Where there is no mesh but what people install by hand. */
  public static void main(String[] args) throws Exception {
    run(args, model -> new MeshModel.Bare());
  }

  /**
   * {@code DIRECTORY} is that of a lab, with its plan; {@code --rehearse DIRECTORY} works in a
   * directory of its own for a moment, so that its classes can be kept for quick starts.
   *
   * @param models what makes a mesh of the clusters
   */
  public static void run(String[] args, Function<Model, MeshModel> models) throws Exception {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    if (args.length == 2 && args[0].equals("--rehearse")) {
      Rehearsal.run(Path.of(args[1]));
      System.exit(0);
    }
    if (args.length != 1) {
      System.err.println("usage: LabDaemon DIRECTORY | --rehearse DIRECTORY");
      System.exit(2);
    }
    LabDirectory directory = new LabDirectory(Path.of(args[0]));
    LabPlan plan = LabPlan.read(directory.plan());
    CountDownLatch end = new CountDownLatch(1);
    LabSupervisor supervisor =
        new LabSupervisor(plan, directory, models.apply(plan.model()), end::countDown);
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close));
    try {
      supervisor.start();
    } catch (IOException | RuntimeException e) {
      LabDirectory.write(directory.failure(), String.valueOf(e.getMessage()));
      throw e;
    }
    end.await();
    System.exit(0);
  }
}
