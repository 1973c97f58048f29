package dev.weft.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Objects for tests. */
public final class Samples {
  public static final ResourceType PODS = ResourceType.core("pods", "Pod");
  public static final ResourceType CONFIG_MAPS = ResourceType.core("configmaps", "ConfigMap");
  public static final ResourceType SERVICES = ResourceType.core("services", "Service");
  public static final ResourceType NAMESPACES =
      ResourceType.coreClusterScoped("namespaces", "Namespace");
  public static final ResourceType DEPLOYMENTS = ResourceType.apps("deployments", "Deployment");

  private Samples() {}

  public static ObjectNode yaml(String text) {
    return (ObjectNode) Json.readYaml(text.getBytes(StandardCharsets.UTF_8), new ArrayList<>());
  }

  public static ObjectNode json(String text) {
    return (ObjectNode)
        Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), new ArrayList<>());
  }

  public static ObjectNode pod(String name) {
    return yaml(
        """
        metadata: {name: %s, labels: {app: %s}}
        spec:
          containers:
          - {name: main, image: "curlimages/curl:8.1"}
        """
            .formatted(name, name));
  }

  public static ObjectNode configMap(String name, String value) {
    return yaml("{metadata: {name: %s}, data: {key: %s}}".formatted(name, value));
  }

  public static ObjectNode deployment(String name) {
    return yaml(
        """
        metadata: {name: %1$s}
        spec:
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              containers:
              - name: main
                image: web:1
                env: [{name: A, value: "1"}]
                ports: [{containerPort: 80}]
        """
            .formatted(name));
  }
}
