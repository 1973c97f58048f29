package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.InjectionSettings.ProxyStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pod in, patched pod out. Istio: pkg/kube/inject, injection-template.yaml and
 * gateway-injection-template.yaml.
 */
public final class SidecarInjector {
  private static final String TEMPLATES = "inject.istio.io/templates";

  // Read by Istio's own proxy image; this data plane has nothing that they could change.
  private static final List<String> UNSUPPORTED =
      List.of(
          "sidecar.istio.io/bootstrapOverride",
          "proxy.istio.io/overrides",
          "sidecar.istio.io/statsHistogramBuckets",
          "sidecar.istio.io/statsCompression");

  private SidecarInjector() {}

  /** What became of a pod. */
  public sealed interface Result {
    /**
     * The pod has a proxy now.
     *
     * @param patch from the old pod to the new (RFC 6902)
     * @param warnings for the person who applied the pod
     */
    record Patched(ObjectNode pod, ArrayNode patch, List<String> warnings) implements Result {
      public Patched {
        warnings = List.copyOf(warnings);
      }
    }

    /** The pod stays as it is. */
    record Untouched(String reason) implements Result {}
  }

  /** What the pod becomes a proxy for. */
  enum Template {
    SIDECAR,
    GATEWAY
  }

  /**
   * Injects where {@link Injection#decide} says so.
   *
   * @throws InvalidPodException where an annotation of the pod has an impossible value
   */
  public static Result inject(ObjectNode pod, InjectionInputs inputs) throws InvalidPodException {
    Injection decision =
        Injection.decide(pod, inputs.namespace(), inputs.namespaceLabels(), inputs.settings());
    return switch (decision) {
      case Injection.Skip skip -> new Result.Untouched(skip.reason());
      case Injection.Inject _ -> {
        ObjectNode patched = pod.deepCopy();
        List<String> warnings = apply(patched, inputs);
        yield new Result.Patched(patched, JsonPatch.diff(pod, patched), warnings);
      }
    };
  }

  private static List<String> apply(ObjectNode pod, InjectionInputs inputs)
      throws InvalidPodException {
    PodAnnotations annotations = PodAnnotations.of(pod);
    Template template = template(annotations);
    ProxyOptions options = ProxyOptions.of(annotations, labels(pod), inputs);
    WorkloadOwner owner = WorkloadOwner.of(pod);
    PodContainers containers = PodContainers.of(pod);

    ObjectNode probers = JsonNodeFactory.instance.objectNode();
    if (options.rewriteProbes() && options.statusPort() > 0) {
      containers.applications().forEach(c -> ProbeRewrite.apply(c, options.statusPort(), probers));
    }
    String scrape = PrometheusMerge.apply(pod, inputs.settings(), options.statusPort());
    ProxyContainer parts =
        new ProxyContainer(pod, inputs, options, owner, containers, probers, scrape, template);

    List<String> addedInit = new ArrayList<>();
    List<String> added = new ArrayList<>();
    placeProxy(containers, parts, options, template, addedInit, added);
    if (template == Template.SIDECAR && !options.interceptionMode().equals("NONE")) {
      boolean first = options.start() == ProxyStart.NATIVE_SIDECAR;
      ObjectNode init =
          switch (inputs.settings().redirect()) {
            case POD -> parts.init();
            case NODE -> parts.validation();
          };
      containers.putInit(init, first);
      addedInit.addFirst(init.path("name").asText());
    }
    ProxyPod.pullSecrets(containers.spec(), inputs.settings().image());
    List<String> volumes = PodVolumes.add(containers.spec(), annotations);
    PodLabels.apply(pod, inputs, owner, template, containers.defaultApplication());
    PodLabels.status(pod, inputs.settings(), addedInit, added, volumes);
    return warnings(annotations);
  }

  private static Map<String, String> labels(ObjectNode pod) {
    Map<String, String> labels = new TreeMap<>();
    pod.at("/metadata/labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private static void placeProxy(
      PodContainers containers,
      ProxyContainer parts,
      ProxyOptions options,
      Template template,
      List<String> addedInit,
      List<String> added)
      throws InvalidPodException {
    ObjectNode proxy = parts.proxy(containers.takeOwnProxy());
    if (template == Template.GATEWAY) {
      containers.put(proxy, false);
      added.add(ProxyPod.CONTAINER);
      return;
    }
    switch (options.start()) {
      case NATIVE_SIDECAR -> {
        proxy.put("restartPolicy", "Always");
        // It ends after the application; this tells it at the beginning of the end to let
        // connections go (Istio: pilot-agent request POST drain).
        proxy
            .withObject("/lifecycle/preStop/exec")
            .putArray("command")
            .add("pilot-agent")
            .add("request")
            .add("POST")
            .add("drain_listeners?graceful");
        containers.putInit(proxy, true);
        addedInit.add(ProxyPod.CONTAINER);
      }
      case HOLD_APPLICATION -> {
        // The kubelet starts the next container when this hook has ended.
        proxy
            .withObject("/lifecycle/postStart/exec")
            .putArray("command")
            .add("pilot-agent")
            .add("wait");
        containers.put(proxy, true);
        added.add(ProxyPod.CONTAINER);
      }
      case TOGETHER -> {
        containers.put(proxy, false);
        added.add(ProxyPod.CONTAINER);
      }
    }
  }

  private static Template template(PodAnnotations annotations) throws InvalidPodException {
    String value = annotations.text(TEMPLATES, "sidecar");
    return switch (value) {
      case "sidecar" -> Template.SIDECAR;
      case "gateway" -> Template.GATEWAY;
      default ->
          throw InvalidPodException.annotation(
              TEMPLATES, value, "names no template of this mesh: use sidecar or gateway");
    };
  }

  private static List<String> warnings(PodAnnotations annotations) {
    return UNSUPPORTED.stream()
        .filter(annotations::has)
        .map(a -> "annotation " + a + " has no effect on this mesh's proxy")
        .toList();
  }
}
