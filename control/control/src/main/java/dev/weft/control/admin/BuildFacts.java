package dev.weft.control.admin;

import java.util.Map;

/** Which build this is, with the names of Istio's {@code BuildInfo} (pkg/version). */
public final class BuildFacts {
  private BuildFacts() {}

  /** The build as a tree. */
  public static Map<String, Object> tree(String version) {
    return Tree.of(
        "version",
        version,
        "revision",
        "unknown",
        "golang_version",
        "java" + Runtime.version(),
        "status",
        "unknown",
        "tag",
        version);
  }

  /** What {@code /version} says; istioctl reads {@code clientVersion}. */
  static Map<String, Object> page(String version) {
    return Tree.of("name", "weft", "version", version, "clientVersion", tree(version));
  }
}
