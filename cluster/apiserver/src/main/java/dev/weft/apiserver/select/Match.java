package dev.weft.apiserver.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.storage.StoredObject;

/** A parsed {@link Selector} with the namespace that it is asked in ("" for all). */
public record Match(String namespace, LabelSelector labels, FieldSelector fields) {

  public static Match of(ResourceType type, String namespace, Selector selector) {
    return new Match(
        namespace,
        LabelSelector.parse(selector.labels()),
        FieldSelector.parse(type, selector.fields()));
  }

  public boolean matches(StoredObject stored) {
    return (namespace.isEmpty() || namespace.equals(stored.key().namespace()))
        && matches(stored.object());
  }

  private boolean matches(ObjectNode object) {
    return labels.matches(object.path("metadata").path("labels")) && fields.matches(object);
  }
}
