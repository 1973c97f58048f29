package dev.weft.translate;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.config.ObjectRef;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which object a part of a resource was made of, by the metadata that the part carries. */
public final class ResourceOrigin {
  private static final Pattern SEGMENT = Pattern.compile("([a-z][a-z0-9_]*)(?:\\[(\\d+)])?");
  private static final List<Message> TYPES =
      List.of(
          Cluster.getDefaultInstance(),
          Listener.getDefaultInstance(),
          RouteConfiguration.getDefaultInstance(),
          VirtualHost.getDefaultInstance());

  private ResourceOrigin() {}

  /**
   * The object of the innermost message on the way that names one; empty where none does.
   *
   * @param resource as proxies are sent it
   * @param field the path of a field in it, such as {@code virtual_hosts[0].routes[1].match}; it
   *     may lead further than can be followed
   */
  public static Optional<ObjectRef> of(Any resource, String field) {
    Message message = unpacked(resource);
    Optional<ObjectRef> origin = Optional.empty();
    String[] segments = field.split("\\.", -1);
    for (int i = 0; message != null; i++) {
      Optional<ObjectRef> own = named(message);
      origin = own.isPresent() ? own : origin;
      message = i < segments.length ? child(message, segments[i]) : null;
    }
    return origin;
  }

  private static @Nullable Message unpacked(Any resource) {
    try {
      for (Message type : TYPES) {
        if (resource.getTypeUrl().endsWith("/" + type.getDescriptorForType().getFullName())) {
          return type.getParserForType().parseFrom(resource.getValue());
        }
      }
      return null;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "a resource of type " + resource.getTypeUrl() + " that cannot be read", e);
    }
  }

  private static @Nullable Message child(Message parent, String segment) {
    Matcher parts = SEGMENT.matcher(segment);
    FieldDescriptor field =
        parts.matches() ? parent.getDescriptorForType().findFieldByName(parts.group(1)) : null;
    if (field == null || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return null;
    }
    if (!field.isRepeated()) {
      return (Message) parent.getField(field);
    }
    int index = parts.group(2) == null ? -1 : Integer.parseInt(parts.group(2));
    return index < 0 || index >= parent.getRepeatedFieldCount(field)
        ? null
        : (Message) parent.getRepeatedField(field, index);
  }

  private static Optional<ObjectRef> named(Message message) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("metadata");
    return field != null && message.getField(field) instanceof Metadata metadata
        ? ObjectPath.parse(
            metadata
                .getFilterMetadataOrDefault("istio", Struct.getDefaultInstance())
                .getFieldsOrDefault("config", Value.getDefaultInstance())
                .getStringValue())
        : Optional.empty();
  }
}
