package dev.weft.lab.supervisor;

import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The background process of a lab. */
public final class LabDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(LabDaemon.class);

  private LabDaemon() {}

  /**
   * {@code DIRECTORY} is that of a lab, with its plan; {@code --rehearse DIRECTORY} works in a
   * directory of its own for a moment, so that its classes can be kept for quick starts.
   */
  public static void main(String[] args) throws Exception {
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
    LabPlan plan = Trees.JSON.readValue(Files.readString(directory.plan()), LabPlan.class);
    CountDownLatch end = new CountDownLatch(1);
    LabSupervisor supervisor = new LabSupervisor(plan, directory, end::countDown);
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close));
    try {
      supervisor.start();
    } catch (IOException | RuntimeException e) {
      LOG.error("lab {} did not start", plan.name(), e);
      LabDirectory.write(directory.root().resolve("failure"), String.valueOf(e.getMessage()));
      System.exit(1);
    }
    end.await();
    System.exit(0);
  }
}
