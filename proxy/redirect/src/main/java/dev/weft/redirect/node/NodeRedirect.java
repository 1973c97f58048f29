package dev.weft.redirect.node;

import dev.weft.dns.ResolvConf;
import dev.weft.redirect.Nft;
import dev.weft.redirect.RedirectOptions;
import dev.weft.redirect.RedirectRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures the traffic of the node's pods from outside, each as its container {@code
 * istio-validation} asks. Istio: cni/pkg/repair, in the mode that repairs pods. Confined to the
 * thread that calls {@link #run}.
 */
final class NodeRedirect {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRedirect.class);

  private final BlockingQueue<PodEvent> events;
  private final Processes processes;
  private final WaitingPods pods = new WaitingPods();
  private final Map<String, String> failures = new HashMap<>();

  NodeRedirect(BlockingQueue<PodEvent> events, Processes processes) {
    this.events = events;
    this.processes = processes;
  }

  /** Does not end. */
  void run() throws InterruptedException {
    while (true) {
      Duration pause = pods.pause();
      PodEvent event = events.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
      while (event != null) {
        pods.take(event);
        event = events.poll();
      }
      if (!pods.none()) {
        redirectAll();
      } else {
        failures.clear();
      }
    }
  }

  private void redirectAll() throws InterruptedException {
    List<WaitingPods.Due> due;
    try {
      due = pods.due(processes.waiting());
    } catch (IOException e) {
      LOG.error("The processes of the node cannot be listed: {}", e.toString());
      return;
    }
    for (WaitingPods.Due each : due) {
      String failure = redirect(each);
      String title = each.pod().title();
      if (failure == null) {
        pods.done(each);
        failures.remove(title);
        LOG.info("Pod {} is redirected to its proxy", title);
      } else if (!failure.equals(failures.put(title, failure))) {
        LOG.error("Pod {} cannot be redirected to its proxy: {}", title, failure);
      }
    }
  }

  /** Why it failed, or null. */
  private @Nullable String redirect(WaitingPods.Due due) throws InterruptedException {
    NodePod pod = due.pod();
    try {
      Path network = processes.file(due.process(), "ns/net");
      if (own(network)) {
        return "its network is this process's own";
      }
      RedirectOptions options =
          RedirectOptions.parse(pod.arguments(), pod.environment(), nameservers(due.process()));
      String script = RedirectRules.render(options);
      PodNetwork.in(
          network,
          () -> processes.pod(due.process()).filter(pod.uid()::equals).isPresent(),
          () -> Nft.apply(script));
      return null;
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private boolean own(Path network) throws IOException {
    return Files.readSymbolicLink(network)
        .equals(Files.readSymbolicLink(processes.proc().resolve("self/ns/net")));
  }

  /** Of the container; a link would be followed from here, so it is not followed at all. */
  private List<String> nameservers(long process) {
    Path file = processes.file(process, "root/etc/resolv.conf");
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        ? ResolvConf.read(file).nameservers()
        : List.of();
  }
}
