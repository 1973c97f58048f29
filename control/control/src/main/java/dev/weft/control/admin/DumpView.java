package dev.weft.control.admin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a proxy should hold, as the console shows it.
 *
 * @param resources by the short name of their type
 */
public record DumpView(ProxyView proxy, Map<String, List<ResourceView>> resources) {
  public DumpView {
    resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
  }

  /**
   * One resource.
   *
   * @param body as protobuf's JSON has it; of a secret, that it is one
   */
  public record ResourceView(String name, String version, Object body) {}
}
