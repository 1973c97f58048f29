package dev.weft.apiserver;

/**
 * One kind of object that the server stores.
 *
 * @param group API group, empty for the core group
 * @param version for example {@code v1}
 * @param plural the name in paths, for example {@code deployments}
 * @param kind for example {@code Deployment}
 * @param namespaced whether objects live in a namespace
 */
public record ResourceType(
    String group, String version, String plural, String kind, boolean namespaced) {

  /** The {@code apiVersion} that objects of this type carry. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public static ResourceType core(String plural, String kind) {
    return new ResourceType("", "v1", plural, kind, true);
  }

  public static ResourceType coreClusterScoped(String plural, String kind) {
    return new ResourceType("", "v1", plural, kind, false);
  }

  public static ResourceType apps(String plural, String kind) {
    return new ResourceType("apps", "v1", plural, kind, true);
  }

  @Override
  public String toString() {
    return plural + "." + apiVersion();
  }
}
