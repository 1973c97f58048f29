package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Who a container is and what it may change: its own {@code securityContext} before its pod's
 * (Kubernetes: pkg/securitycontext/util.go, pkg/kubelet/kuberuntime/security_context.go).
 */
record SecurityContext(PodSpec pod, JsonNode container) {

  /** The group that the pod's volumes belong to. */
  static OptionalInt volumeGroup(PodSpec pod) {
    JsonNode group = pod.spec().path("securityContext").path("fsGroup");
    return group.isNumber() ? OptionalInt.of(group.asInt()) : OptionalInt.empty();
  }

  /**
   * As the container has to run.
   *
   * @throws ConfigException where it would run as root although it must not
   */
  static Security of(PodSpec pod, ContainerSpec container, Image image) throws ConfigException {
    return new SecurityContext(pod, container.json()).security(container.name(), image);
  }

  private Security security(String name, Image image) throws ConfigException {
    JsonNode wanted = field("runAsUser");
    int user = wanted.asInt(image.user());
    if (field("runAsNonRoot").asBoolean(false) && user == 0) {
      String why =
          wanted.isNumber()
              ? "container's runAsUser breaks non-root policy"
              : "container has runAsNonRoot and image will run as root";
      throw new ConfigException(
          "%s (pod: \"%s_%s(%s)\", container: %s)"
              .formatted(why, pod.name(), pod.namespace(), pod.uid(), name));
    }
    Set<Integer> groups = new LinkedHashSet<>();
    volumeGroup(pod).ifPresent(groups::add);
    for (JsonNode each : pod.spec().path("securityContext").path("supplementalGroups")) {
      groups.add(each.asInt());
    }
    return new Security(
        user,
        field("runAsGroup").asInt(0),
        List.copyOf(groups),
        container.path("securityContext").path("readOnlyRootFilesystem").asBoolean(false));
  }

  private JsonNode field(String name) {
    JsonNode own = container.path("securityContext").path(name);
    return own.isMissingNode() || own.isNull()
        ? pod.spec().path("securityContext").path(name)
        : own;
  }
}
