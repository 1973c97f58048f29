package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.ObjectKey;

/** One change that a controller decided on. */
sealed interface Action {

  /** Creates an object in the namespace that its metadata names. */
  record Create(ResourceType type, ObjectNode object) implements Action {}

  /** Merge-patches all but the status. */
  record Patch(ResourceType type, ObjectKey key, ObjectNode patch) implements Action {}

  /** Merge-patches the status; the patch has a top-level {@code status}. */
  record PatchStatus(ResourceType type, ObjectKey key, ObjectNode patch) implements Action {}

  /** Replaces all but the status. */
  record Replace(ResourceType type, ObjectKey key, ObjectNode object) implements Action {}

  record Delete(ResourceType type, ObjectKey key, DeleteOptions options) implements Action {}

  /** Tells people what happened, as an Event on {@code regarding}. */
  record Tell(
      ResourceType type, ObjectNode regarding, boolean warning, String reason, String message)
      implements Action {}
}
