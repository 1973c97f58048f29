package dev.weft.lab.node;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a pod's worker is told. {@code id} names one run of a container. */
sealed interface PodMessage {
  record Changed(ObjectNode pod) implements PodMessage {}

  /** The object is gone from the API server. */
  record Gone() implements PodMessage {}

  record Exited(String container, String id, int code, String reason) implements PodMessage {}

  record Started(String container, String id) implements PodMessage {}

  record Ready(String container, String id, boolean ready) implements PodMessage {}

  record Condemned(String container, String id, String why) implements PodMessage {}

  /** The preStop hook of a sidecar is through, whatever came of it. */
  record Hooked(String container) implements PodMessage {}

  /** Something that the pod refers to may have changed. */
  record Refresh() implements PodMessage {}

  /** The node goes down: end without a word to the API server. */
  record Close() implements PodMessage {}
}
