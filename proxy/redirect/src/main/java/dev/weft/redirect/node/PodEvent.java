package dev.weft.redirect.node;

import java.util.List;

/** What the API server says about the pods of the node. */
sealed interface PodEvent {
  /** All that there are. */
  record All(List<NodePod> pods) implements PodEvent {
    public All {
      pods = List.copyOf(pods);
    }
  }

  /** One is new or different. */
  record Changed(NodePod pod) implements PodEvent {}

  /** One is gone. */
  record Gone(String uid) implements PodEvent {}
}
