package dev.weft.lab.node;

import dev.weft.lab.node.PodSpec.Kind;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Kinds;
import java.util.function.Supplier;

/** What people read below {@code kubectl describe pod}. Thread-safe. */
record PodEvents(Events events, Supplier<PodSpec> pod) {

  /** {@code container} "" tells about the pod as a whole. */
  void tell(boolean warning, String container, String reason, String message) {
    PodSpec now = pod.get();
    boolean main = now.container(container).filter(c -> c.kind() == Kind.MAIN).isPresent();
    String path =
        container.isEmpty()
            ? ""
            : (main ? "spec.containers{" : "spec.initContainers{") + container + "}";
    events.tell(
        new Events.Subject("kubelet", Kinds.PODS, now.pod(), path), warning, reason, message);
  }
}
