package dev.weft.mesh;

import dev.weft.lab.supervisor.LabGround;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who operates the clusters of a lab: types {@code weft} where all API servers are in reach. */
record Operator(LabGround ground) {

  /**
   * What the command printed.
   *
   * @param input of the command
   * @throws IOException where it failed
   */
  String weft(String input, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(ground.plan().weftCommand());
    command.addAll(words);
    return ground
        .commands()
        .run(
            command,
            Map.of("KUBECONFIG", ground.directory().wanKubeconfig().toString(), "WEFT_LAB", ""),
            input);
  }

  String weft(List<String> words) throws IOException {
    return weft("", words);
  }
}
