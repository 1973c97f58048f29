package dev.weft.snapshot;

/** Host names as users write them in objects. */
public final class HostNames {
  private HostNames() {}

  /**
   * The full host name of what was written: a name without a dot is a service of the object's own
   * namespace; everything else stands as it is. Istio: pilot/pkg/model/config.go
   * ResolveShortnameToFQDN.
   */
  public static String full(String host, String namespace, String domainSuffix) {
    return host.isEmpty() || host.equals("*") || host.indexOf('.') >= 0
        ? host
        : host + "." + namespace + ".svc." + domainSuffix;
  }

  /** Whether a host is meant by what was written: itself, or a wildcard of its ending. */
  public static boolean matches(String pattern, String hostname) {
    return pattern.startsWith("*")
        ? hostname.endsWith(pattern.substring(1)) && hostname.length() >= pattern.length()
        : pattern.equals(hostname);
  }
}
