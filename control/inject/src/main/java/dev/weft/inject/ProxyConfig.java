package dev.weft.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.config.ProxyConfigSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the proxy of one pod is started, as mesh.v1alpha1.ProxyConfig: by ProxyConfig objects and by
 * the annotation {@code proxy.istio.io/config}, in YAML. What the control plane does not act on
 * itself goes to the proxy as it stands.
 */
record ProxyConfig(ObjectNode fields) {
  static final String ANNOTATION = "proxy.istio.io/config";

  private static final String METADATA = "proxyMetadata";

  // istio/api mesh/v1alpha1/proxy.proto
  private static final Set<String> FIELDS =
      Set.of(
          "availabilityZone",
          "binaryPath",
          "caCertificatesPem",
          "concurrency",
          "configPath",
          "controlPlaneAuthPolicy",
          "customConfigFile",
          "discoveryAddress",
          "drainDuration",
          "envoyAccessLogService",
          "envoyMetricsService",
          "extraStatTags",
          "fileFlushInterval",
          "fileFlushMinSizeKb",
          "gatewayTopology",
          "holdApplicationUntilProxyStarts",
          "image",
          "interceptionMode",
          "meshId",
          "parentShutdownDuration",
          "privateKeyProvider",
          "proxyAdminPort",
          "proxyBootstrapTemplatePath",
          "proxyHeaders",
          "proxyMetadata",
          "proxyStatsMatcher",
          "readinessProbe",
          "runtimeValues",
          "sds",
          "serviceCluster",
          "statNameLength",
          "statsCompression",
          "statsdUdpAddress",
          "statusPort",
          "terminationDrainDuration",
          "tracing",
          "tracingServiceName",
          "zipkinAddress");

  /**
   * What holds for a pod: objects that hold for all around it, its annotation, the object that
   * selects it; the later has the last word.
   */
  static ProxyConfig of(
      PodAnnotations annotations,
      ProxyConfigs objects,
      String namespace,
      Map<String, String> labels)
      throws InvalidPodException {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    objects.around(namespace).forEach(object -> merge(merged, fields(object)));
    merge(merged, of(annotations).fields());
    objects.selecting(namespace, labels).ifPresent(object -> merge(merged, fields(object)));
    return new ProxyConfig(merged);
  }

  private static ObjectNode fields(ProxyConfigSpec object) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    Integer concurrency = object.concurrency();
    if (concurrency != null) {
      fields.put("concurrency", concurrency);
    }
    if (!object.environment().isEmpty()) {
      ObjectNode metadata = fields.putObject(METADATA);
      object.environment().forEach(metadata::put);
    }
    if (!object.imageType().isEmpty()) {
      fields.putObject("image").put("imageType", object.imageType());
    }
    return fields;
  }

  /** Variables one by one, and everything else as a whole. */
  private static void merge(ObjectNode into, ObjectNode fields) {
    fields
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals(METADATA)
                  && into.get(METADATA) instanceof ObjectNode known
                  && field.getValue() instanceof ObjectNode more) {
                known.setAll(more);
              } else {
                into.set(field.getKey(), field.getValue().deepCopy());
              }
            });
  }

  private static ProxyConfig of(PodAnnotations annotations) throws InvalidPodException {
    String text = annotations.text(ANNOTATION, "");
    if (text.isBlank()) {
      return new ProxyConfig(JsonNodeFactory.instance.objectNode());
    }
    JsonNode parsed;
    try {
      parsed = new YAMLMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw InvalidPodException.annotation(
          ANNOTATION, text, "is not YAML: " + e.getOriginalMessage());
    }
    if (!(parsed instanceof ObjectNode fields)) {
      throw InvalidPodException.annotation(ANNOTATION, text, "is not a YAML mapping");
    }
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      check(field.getKey(), field.getValue());
    }
    return new ProxyConfig(fields);
  }

  private static void check(String name, JsonNode value) throws InvalidPodException {
    if (!FIELDS.contains(name)) {
      throw InvalidPodException.annotation(
          ANNOTATION, name, "is not a field of ProxyConfig; see mesh.v1alpha1.ProxyConfig");
    }
    boolean right =
        switch (name) {
          case "proxyMetadata", "runtimeValues" ->
              value.isObject()
                  && value.properties().stream().allMatch(e -> e.getValue().isValueNode());
          case "holdApplicationUntilProxyStarts" -> value.isBoolean();
          case "concurrency" -> value.isInt() && value.intValue() >= 0;
          case "statusPort", "proxyAdminPort" ->
              value.isInt() && value.intValue() > 0 && value.intValue() < 65536;
          case "discoveryAddress" ->
              value.isTextual() && value.textValue().matches("\\S+:\\d{1,5}");
          default -> true;
        };
    if (!right) {
      throw InvalidPodException.annotation(
          ANNOTATION + " (field " + name + ")", value.toString(), "is not a value of that field");
    }
  }

  Map<String, String> proxyMetadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    fields
        .path(METADATA)
        .properties()
        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
    return metadata;
  }

  String text(String name, String otherwise) {
    return fields.path(name).asText(otherwise);
  }

  int number(String name, int otherwise) {
    return fields.path(name).asInt(otherwise);
  }

  boolean has(String name) {
    return fields.has(name);
  }

  boolean flag(String name) {
    return fields.path(name).asBoolean(false);
  }
}
