package dev.weft.proxy.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which build of the proxy this is. */
final class Build {
  private static final int MAJOR = 0;
  private static final int MINOR = 1;
  private static final int PATCH = 0;

  static final String NUMBER = MAJOR + "." + MINOR + "." + PATCH;

  private Build() {}

  /** As {@code envoy.config.core.v3.BuildVersion} has it. */
  static Map<String, Object> message() {
    Map<String, Object> version = new LinkedHashMap<>();
    version.put("major_number", MAJOR);
    version.put("minor_number", MINOR);
    version.put("patch", PATCH);
    return Map.of("version", version);
  }
}
