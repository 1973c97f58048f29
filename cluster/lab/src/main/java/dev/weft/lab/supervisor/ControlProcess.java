package dev.weft.lab.supervisor;

import dev.weft.lab.net.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The hosted control plane as a child of the supervisor. */
final class ControlProcess {
  static final String NAME = "control";
  private static final int MONITORING_PORT = 15014;
  private static final int TIMEOUT_MS = 1_000;

  private ControlProcess() {}

  /** The only place where its command line is made. */
  static List<String> command(LabPlan plan, LabDirectory directory, Place place) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", place.namespace()));
    command.addAll(plan.weftCommand());
    command.add("control");
    command.addAll(List.of("--kubeconfig", directory.meshKubeconfig().toString()));
    command.addAll(List.of("--advertise", LabPlan.CONTROL_ADDRESS));
    command.addAll(List.of("--data-dir", directory.root().resolve(NAME).toString()));
    return command;
  }

  static boolean ready(Place place) {
    try (SocketChannel channel =
            place.connect(LabPlan.CONTROL_ADDRESS, MONITORING_PORT, TIMEOUT_MS);
        OutputStream out = Channels.newOutputStream(channel);
        InputStream in = Channels.newInputStream(channel)) {
      channel.socket().setSoTimeout(TIMEOUT_MS);
      out.write(
          "GET /ready HTTP/1.1\r\nHost: control\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      return status.equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }
}
