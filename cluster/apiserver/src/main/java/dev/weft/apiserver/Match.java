package dev.weft.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A parsed {@link Selector} with the namespace that it is asked in ("" for all). */
record Match(String namespace, LabelSelector labels, FieldSelector fields) {

  static Match of(ResourceType type, String namespace, Selector selector) {
    return new Match(
        namespace,
        LabelSelector.parse(selector.labels()),
        FieldSelector.parse(type, selector.fields()));
  }

  boolean matches(StoredObject stored) {
    return (namespace.isEmpty() || namespace.equals(stored.key().namespace()))
        && matches(stored.object());
  }

  private boolean matches(ObjectNode object) {
    return labels.matches(object.path("metadata").path("labels")) && fields.matches(object);
  }
}
