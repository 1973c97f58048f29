package dev.weft.cli.analyze;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What controllers would make of files: a pod of each template, and the endpoints of each service.
 * Nothing is added where the cluster has it already.
 */
final class Templates {
  /** For documentation (RFC 5737): nobody is reached there. */
  private static final String ADDRESS = "192.0.2.";

  private static final int ADDRESSES = 254;

  private Templates() {}

  /** Services, EndpointSlices, Pods, Nodes and Namespaces; nothing else. */
  static List<HasMetadata> completed(List<HasMetadata> objects) {
    List<HasMetadata> all = new ArrayList<>();
    List<Pod> pods = new ArrayList<>();
    for (HasMetadata object : objects) {
      if (object instanceof Pod pod) {
        pods.add(pod);
      }
    }
    for (HasMetadata object : objects) {
      template(object)
          .filter(t -> pods.stream().noneMatch(p -> selected(object, p, labels(t))))
          .ifPresent(t -> pods.add(pod(object, t, pods.size())));
      if (!(object instanceof Pod) && template(object).isEmpty()) {
        all.add(object);
      }
    }
    all.addAll(pods);
    for (HasMetadata object : objects) {
      if (object instanceof Service service && !hasSlice(service, objects)) {
        all.add(slice(service, pods));
      }
    }
    return all;
  }

  private static Optional<PodTemplateSpec> template(HasMetadata object) {
    return switch (object) {
      case Deployment d -> Optional.of(d.getSpec().getTemplate());
      case StatefulSet s -> Optional.of(s.getSpec().getTemplate());
      case DaemonSet d -> Optional.of(d.getSpec().getTemplate());
      default -> Optional.empty();
    };
  }

  private static Map<String, String> labels(PodTemplateSpec template) {
    return template.getMetadata() == null || template.getMetadata().getLabels() == null
        ? Map.of()
        : template.getMetadata().getLabels();
  }

  private static Map<String, String> annotations(PodTemplateSpec template) {
    return template.getMetadata() == null || template.getMetadata().getAnnotations() == null
        ? Map.of()
        : template.getMetadata().getAnnotations();
  }

  private static boolean selected(HasMetadata where, Pod pod, Map<String, String> labels) {
    return pod.getMetadata().getLabels() != null
        && where.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
        && pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
  }

  private static Pod pod(HasMetadata owner, PodTemplateSpec template, int index) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(owner.getMetadata().getName() + "-from-file")
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(labels(template))
        .withAnnotations(annotations(template))
        // As it will be: a template says nothing of its sidecar.
        .addToLabels("security.istio.io/tlsMode", "istio")
        .endMetadata()
        .withSpec(template.getSpec())
        .withNewStatus()
        .withPhase("Running")
        .withPodIP(ADDRESS + (index % ADDRESSES + 1))
        .endStatus()
        .build();
  }

  private static boolean hasSlice(Service service, List<HasMetadata> objects) {
    return objects.stream()
        .filter(EndpointSlice.class::isInstance)
        .map(HasMetadata::getMetadata)
        .anyMatch(
            m ->
                m.getNamespace().equals(service.getMetadata().getNamespace())
                    && m.getLabels() != null
                    && service
                        .getMetadata()
                        .getName()
                        .equals(m.getLabels().get("kubernetes.io/service-name")));
  }

  private static EndpointSlice slice(Service service, List<Pod> pods) {
    Map<String, String> selector = service.getSpec().getSelector();
    EndpointSliceBuilder slice =
        new EndpointSliceBuilder()
            .withNewMetadata()
            .withName(service.getMetadata().getName() + "-from-file")
            .withNamespace(service.getMetadata().getNamespace())
            .addToLabels("kubernetes.io/service-name", service.getMetadata().getName())
            .endMetadata()
            .withAddressType("IPv4");
    for (ServicePort port : service.getSpec().getPorts()) {
      slice.addToPorts(
          new EndpointPortBuilder()
              .withName(port.getName() == null ? "" : port.getName())
              .withPort(port.getPort())
              .withProtocol("TCP")
              .build());
    }
    for (Pod pod : pods) {
      if (selector != null && !selector.isEmpty() && selected(service, pod, selector)) {
        slice
            .addNewEndpoint()
            .withAddresses(pod.getStatus().getPodIP())
            .withNewConditions()
            .withReady(true)
            .endConditions()
            .withNewTargetRef()
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .endTargetRef()
            .endEndpoint();
      }
    }
    return slice.build();
  }
}
