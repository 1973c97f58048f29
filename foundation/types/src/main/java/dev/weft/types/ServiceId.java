package dev.weft.types;

/** A Kubernetes service, the same one in every member cluster that has it (namespace sameness). */
public record ServiceId(String namespace, String name) implements Comparable<ServiceId> {

  /** For example {@code httpbin.default.svc.cluster.local}. */
  public String hostname(String domainSuffix) {
    return name + "." + namespace + ".svc." + domainSuffix;
  }

  @Override
  public int compareTo(ServiceId other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name + "." + namespace;
  }
}
