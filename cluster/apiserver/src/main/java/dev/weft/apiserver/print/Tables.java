package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import java.time.Instant;
import java.util.List;

/** Objects as {@code meta.k8s.io/v1 Table}, which is what kubectl prints. */
public final class Tables {
  private Tables() {}

  /**
   * A table of objects.
   *
   * @param include {@code None}, {@code Metadata} or {@code Object}: what each row carries
   * @param headers whether the columns are described: once per watch is enough
   */
  public static ObjectNode of(
      KnownType known, List<ObjectNode> objects, String version, String include, boolean headers) {
    List<Column> columns = Columns.of(known, Instant.now());
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", version);
    if (headers) {
      ArrayNode definitions = table.putArray("columnDefinitions");
      for (Column column : columns) {
        definitions
            .addObject()
            .put("name", column.name())
            .put("type", column.type())
            .put("format", column.format())
            .put("description", column.description())
            .put("priority", column.priority());
      }
    } else {
      table.putNull("columnDefinitions");
    }
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      columns.forEach(column -> cells.add(node(column.cell().apply(object))));
      switch (include) {
        case "None" -> {}
        case "Object" -> row.set("object", object);
        default ->
            row.putObject("object")
                .put("kind", "PartialObjectMetadata")
                .put("apiVersion", "meta.k8s.io/v1")
                .set("metadata", object.path("metadata"));
      }
    }
    return table;
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case JsonNode node -> node;
      case Integer number -> Json.NODES.numberNode(number);
      default -> Json.NODES.textNode(value.toString());
    };
  }
}
