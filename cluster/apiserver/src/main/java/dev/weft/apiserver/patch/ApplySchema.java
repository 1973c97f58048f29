package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.CustomShape;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.MergeKeys;
import dev.weft.apiserver.schema.MessageShape;
import dev.weft.apiserver.schema.Protos;
import dev.weft.apiserver.schema.Shape;
import java.util.List;
import java.util.Optional;

/** What server-side apply has to know about a value: which lists are maps or sets in disguise. */
sealed interface ApplySchema {

  /** Of the value under a key of this object. */
  ApplySchema field(String key);

  /** Of the items of this list. */
  ApplySchema item();

  /** The keys that name an item of this list; empty for a list that is replaced as a whole. */
  List<String> listKeys();

  /** Whether this is a list of plain values of which everybody owns some. */
  boolean set();

  /** Whether this object has one owner as a whole. */
  boolean atomicMap();

  static ApplySchema of(KnownType known) {
    return switch (known.shape()) {
      case MessageShape shape ->
          new Message(Optional.empty(), Optional.of(shape.descriptor().get()));
      case CustomShape shape -> new Custom(shape.schema(), true);
      case Shape.Anything any -> new Unknown();
    };
  }

  /** Nothing is known: objects are merged, lists are replaced. */
  record Unknown() implements ApplySchema {
    @Override
    public ApplySchema field(String key) {
      return this;
    }

    @Override
    public ApplySchema item() {
      return this;
    }

    @Override
    public List<String> listKeys() {
      return List.of();
    }

    @Override
    public boolean set() {
      return false;
    }

    @Override
    public boolean atomicMap() {
      return false;
    }
  }

  /**
   * From a protobuf message: {@code field} is where the value stands, {@code message} what it is.
   */
  record Message(Optional<FieldDescriptor> field, Optional<Descriptor> message)
      implements ApplySchema {
    @Override
    public ApplySchema field(String key) {
      return message
          .flatMap(m -> Protos.field(m, key))
          .<ApplySchema>map(
              f ->
                  new Message(
                      Optional.of(f),
                      f.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !f.isMapField()
                          ? Optional.of(f.getMessageType())
                          : Optional.empty()))
          .orElseGet(Unknown::new);
    }

    @Override
    public ApplySchema item() {
      return new Message(Optional.empty(), message);
    }

    @Override
    public List<String> listKeys() {
      Optional<String> key = field.flatMap(MergeKeys::key);
      if (key.isEmpty()) {
        return List.of();
      }
      boolean port = key.get().equals("containerPort") || key.get().equals("port");
      return port ? List.of(key.get(), "protocol") : List.of(key.get());
    }

    @Override
    public boolean set() {
      return field.map(MergeKeys::set).orElse(false);
    }

    @Override
    public boolean atomicMap() {
      // Selectors are replaced whole: merging two would select something nobody asked for.
      return message
          .map(Descriptor::getName)
          .filter(name -> name.endsWith("Selector") || name.endsWith("Reference"))
          .isPresent();
    }
  }

  /** From the schema of a custom type. */
  record Custom(JsonNode schema, boolean root) implements ApplySchema {
    @Override
    public ApplySchema field(String key) {
      if (root && key.equals("metadata")) {
        return new Message(
            Optional.empty(),
            Optional.of(
                io.kubernetes.client.proto.Meta.getDescriptor()
                    .findMessageTypeByName("ObjectMeta")));
      }
      JsonNode inner = schema.path("properties").path(key);
      return new Custom(inner.isObject() ? inner : schema.path("additionalProperties"), false);
    }

    @Override
    public ApplySchema item() {
      return new Custom(schema.path("items"), false);
    }

    @Override
    public List<String> listKeys() {
      return Json.text(schema, "x-kubernetes-list-type").equals("map")
          ? Json.texts(schema.get("x-kubernetes-list-map-keys"))
          : List.of();
    }

    @Override
    public boolean set() {
      return Json.text(schema, "x-kubernetes-list-type").equals("set");
    }

    @Override
    public boolean atomicMap() {
      return Json.text(schema, "x-kubernetes-map-type").equals("atomic");
    }
  }
}
