package dev.weft.config;

import java.util.Map;
import java.util.regex.Pattern;

/** {@code networking.istio.io ProxyConfig} (networking/v1beta1/proxy_config.proto). */
final class ProxyConfigParser {
  private static final int MOST_LOOPS = 1024;

  /** Kubernetes: apimachinery, {@code IsEnvVarName}. */
  private static final Pattern VARIABLE = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

  /** What may stand in the tag of an image. */
  private static final Pattern TAG = Pattern.compile("[\\w.-]{1,100}");

  private ProxyConfigParser() {}

  static ProxyConfigSpec read(ObjectMeta meta, TreeReader spec) {
    Map<String, String> selector =
        NameChecks.workloads(spec, "selector", "matchLabels", "it holds for the whole namespace");
    Map<String, String> environment = spec.stringMap("environmentVariables");
    for (String name : environment.keySet()) {
      if (!VARIABLE.matcher(name).matches()) {
        spec.error("environmentVariables." + name, "no container can have a variable of this name");
      }
    }
    String imageType =
        spec.object(
            "image",
            i -> {
              String type = i.string("imageType");
              if (!type.isEmpty() && !TAG.matcher(type).matches()) {
                i.error("imageType", "'" + type + "' cannot stand in the tag of an image");
              }
              return type;
            });
    return new ProxyConfigSpec(
        meta,
        selector,
        spec.optionalInteger("concurrency", 0, MOST_LOOPS),
        environment,
        imageType == null ? "" : imageType);
  }
}
