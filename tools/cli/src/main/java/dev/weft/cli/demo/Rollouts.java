package dev.weft.cli.demo;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabCommands;
import java.time.Duration;

/** Waits until deployments have what they want, for as long as anything moves in the lab. */
final class Rollouts {
  /** How long a look at a deployment lasts; what starts on a busy machine takes many. */
  private static final int LOOK_SECONDS = 10;

  private final LabCommands lab;
  private final Shown shown;

  Rollouts(LabCommands lab, Shown shown) {
    this.lab = lab;
    this.shown = shown;
  }

  void await(String context, String namespace, String deployment) {
    while (true) {
      Shown.Answer answer =
          shown.attempt(
              context,
              "-n",
              namespace,
              "rollout",
              "status",
              "deploy/" + deployment,
              "--timeout=" + LOOK_SECONDS + "s");
      if (answer.code() == 0) {
        return;
      }
      Duration still = lab.still();
      if (still.compareTo(LabCommands.PATIENCE) > 0) {
        throw CommandFailure.failed(
            "deployment %s/%s of %s is not ready, and nothing has moved for %d s: %s"
                .formatted(
                    namespace, deployment, context, still.toSeconds(), answer.err().strip()));
      }
      shown.say("   (waits for deployment %s in %s)".formatted(deployment, context));
    }
  }
}
