package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import java.util.List;

/** What fields the objects of a type have. */
public sealed interface Shape permits Shape.Anything, MessageShape, CustomShape {

  /**
   * Removes the fields that the type does not have.
   *
   * @return a message for each, as {@code unknown field "spec.foo"}
   * @throws ApiException 400 where a value has the wrong type
   */
  List<String> prune(ObjectNode object);

  /** Objects whose fields nobody declared. */
  record Anything() implements Shape {
    @Override
    public List<String> prune(ObjectNode object) {
      return List.of();
    }
  }
}
