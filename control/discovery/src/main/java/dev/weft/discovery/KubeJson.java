package dev.weft.discovery;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON of API servers as objects of the client library, with those fields alone that something
 * reads ({@link Facts}): most of a pod, such as who manages which field of it, is skipped as it
 * comes and never becomes an object. That costs some 20 µs for a pod of 7 kB, so that asking for
 * protobuf would not pay.
 */
final class KubeJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  // Keys of labels are names of fields here, and no end of them may come.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addMixIn(ObjectMeta.class, OfMeta.class)
          .addMixIn(OwnerReference.class, OfOwner.class)
          .addMixIn(PodSpec.class, OfPodSpec.class)
          .addMixIn(Container.class, OfContainer.class)
          .addMixIn(ContainerPort.class, OfContainerPort.class)
          .addMixIn(PodStatus.class, OfPodStatus.class)
          .addMixIn(PodCondition.class, OfPodCondition.class)
          .addMixIn(ServiceSpec.class, OfServiceSpec.class)
          .addMixIn(ServiceStatus.class, OfServiceStatus.class)
          .addMixIn(ObjectReference.class, OfReference.class)
          .addMixIn(Node.class, OfNode.class)
          .addMixIn(NodeStatus.class, OfNodeStatus.class)
          .addMixIn(Namespace.class, OfMetaOnly.class)
          .build();

  private KubeJson() {}

  @JsonIncludeProperties({
    "annotations",
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "labels",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "uid"
  })
  private interface OfMeta {}

  @JsonIncludeProperties({"controller", "kind", "name"})
  private interface OfOwner {}

  @JsonIncludeProperties({
    "containers",
    "hostNetwork",
    "hostname",
    "nodeName",
    "serviceAccountName",
    "subdomain"
  })
  private interface OfPodSpec {}

  @JsonIncludeProperties("ports")
  private interface OfContainer {}

  @JsonIncludeProperties({"containerPort", "name", "protocol"})
  private interface OfContainerPort {}

  @JsonIncludeProperties({"conditions", "phase", "podIP", "podIPs"})
  private interface OfPodStatus {}

  @JsonIncludeProperties({"status", "type"})
  private interface OfPodCondition {}

  @JsonIncludeProperties({
    "clusterIP",
    "clusterIPs",
    "externalIPs",
    "externalName",
    "internalTrafficPolicy",
    "ports",
    "publishNotReadyAddresses",
    "selector",
    "trafficDistribution",
    "type"
  })
  private interface OfServiceSpec {}

  @JsonIncludeProperties("loadBalancer")
  private interface OfServiceStatus {}

  @JsonIncludeProperties({"kind", "name", "namespace"})
  private interface OfReference {}

  @JsonIncludeProperties({"metadata", "status"})
  private interface OfNode {}

  @JsonIncludeProperties("addresses")
  private interface OfNodeStatus {}

  @JsonIncludeProperties("metadata")
  private interface OfMetaOnly {}

  static JsonParser parser(InputStream stream) throws IOException {
    return MAPPER.createParser(stream);
  }

  /**
   * Reads the value at which a parser stands into an object.
   *
   * @throws JsonMappingException where it is not of that form; what was read before is in the
   *     object, and the parser stands somewhere inside of the value
   */
  static void into(Object object, JsonParser parser) throws IOException {
    MAPPER.readerForUpdating(object).readValue(parser);
  }

  /** Goes on until a parser has left everything that is inside of a context. */
  static void leave(JsonStreamContext around, JsonParser parser) throws IOException {
    while (parser.getParsingContext() != around) {
      parser.nextToken();
    }
  }

  /** The field that was in the way, such as {@code spec.ports[0].port}. */
  static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  /** Metadata that were being read when a field was in the way; empty where it was elsewhere. */
  static Optional<ObjectMeta> metaIn(JsonMappingException e) {
    return e.getPath().stream()
        .map(JsonMappingException.Reference::getFrom)
        .filter(ObjectMeta.class::isInstance)
        .map(ObjectMeta.class::cast)
        .findFirst();
  }

  static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
