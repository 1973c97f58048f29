package dev.weft.control.tool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.inject.InjectionInputs;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.InvalidPodException;
import dev.weft.inject.SidecarInjector;
import java.util.Map;

/**
 * What pods are injected with. There is no template that could be shown: it is what a pod becomes
 * that has nothing of its own.
 */
final class InjectedPod {
  private InjectedPod() {}

  /** The pod, as JSON, which is YAML too. */
  static String text(InjectionSettings settings) {
    ObjectNode pod =
        JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", "app").put("namespace", "default");
    pod.putObject("spec").putArray("containers").addObject().put("name", "app").put("image", "app");
    try {
      return switch (SidecarInjector.inject(
          pod,
          new InjectionInputs(
              "default", Map.of("istio-injection", "enabled"), Map.of(), settings))) {
        case SidecarInjector.Result.Patched patched -> patched.pod().toPrettyString();
        case SidecarInjector.Result.Untouched untouched -> untouched.reason();
      };
    } catch (InvalidPodException e) {
      throw new IllegalStateException("a pod without annotations has none that are wrong", e);
    }
  }
}
