package dev.weft.lab.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the pods that are assigned to one node. */
public final class Kubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);

  private final NodeContext node;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();

  /** Adds the node to a feed that has not been started. */
  public Kubelet(NodeContext node, Feed feed) {
    this.node = node;
    feed.on(Kinds.PODS, this::onPod);
    feed.on(Kinds.CONFIG_MAPS, this::onConfig);
    feed.on(Kinds.SECRETS, this::onConfig);
  }

  /**
   * Tells the API server, before anybody reads it, that nothing of what ran before runs now: no pod
   * is ready, and addresses may go to other pods.
   */
  public void reboot() {
    for (ObjectNode pod : node.store().list(Kinds.PODS, "", Selector.ALL).items()) {
      if (pod.path("spec").path("nodeName").asText("").equals(node.name())) {
        FormerLife.rebooted(pod, node.clock().instant())
            .ifPresent(
                patch ->
                    node.store()
                        .mergePatchStatus(Kinds.PODS, Meta.namespace(pod), Meta.name(pod), patch));
      }
    }
  }

  /** Pods whose images were missing look again. */
  public void imagesChanged() {
    workers.values().forEach(each -> each.post(new PodMessage.Refresh()));
  }

  /** The first processes of the containers of pods that are not ready. */
  public List<ProcessHandle> starting() {
    return workers.values().stream()
        .filter(
            each ->
                !Meta.condition(each.pod().pod(), "Ready").path("status").asText().equals("True"))
        .flatMap(PodWorker::pids)
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .toList();
  }

  private void onPod(Change change, ObjectNode pod) {
    switch (change) {
      case ADDED, MODIFIED -> changed(pod);
      case DELETED -> {
        PodWorker worker = workers.get(Meta.uid(pod));
        if (worker != null) {
          worker.post(new PodMessage.Gone());
        }
      }
      case SYNCED -> removeLeftovers();
    }
  }

  private void changed(ObjectNode pod) {
    if (!pod.path("spec").path("nodeName").asText("").equals(node.name())) {
      return;
    }
    String uid = Meta.uid(pod);
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.post(new PodMessage.Changed(pod));
      return;
    }
    PodWorker next = new PodWorker(node, pod, () -> workers.remove(uid));
    workers.put(uid, next);
    next.start();
  }

  private void onConfig(Change change, ObjectNode object) {
    if (change == Change.SYNCED) {
      return;
    }
    for (PodWorker each : workers.values()) {
      if (each.pod().namespace().equals(Meta.namespace(object))) {
        each.post(new PodMessage.Refresh());
      }
    }
  }

  /** Directories of pods that were deleted while the node was down. */
  private void removeLeftovers() {
    Path pods = node.directory().resolve("pods");
    if (!Files.isDirectory(pods)) {
      return;
    }
    try (Stream<Path> all = Files.list(pods)) {
      List<Path> left =
          all.filter(p -> !workers.containsKey(String.valueOf(p.getFileName()))).toList();
      for (Path each : left) {
        Directories.delete(each);
      }
    } catch (IOException e) {
      LOG.warn("removing leftovers of pods: {}", e.toString());
    }
  }

  Optional<PodWorker> find(String namespace, String name) {
    return workers.values().stream()
        .filter(w -> w.pod().name().equals(name) && w.pod().namespace().equals(namespace))
        // a pod may come back under its name while the former one still ends
        .min(java.util.Comparator.comparing(w -> Meta.deleting(w.pod().pod())));
  }

  NodeContext node() {
    return node;
  }

  /** The workers end; what runs is ended by whoever removes the network namespaces. */
  @Override
  public void close() {
    workers.values().forEach(each -> each.post(new PodMessage.Close()));
  }
}
