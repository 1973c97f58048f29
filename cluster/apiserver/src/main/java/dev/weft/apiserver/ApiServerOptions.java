package dev.weft.apiserver;

/**
 * What an API server can be told besides where it lives.
 *
 * @param serviceRange where cluster IPs come from, an IPv4 network of /8 to /28
 * @param authorization who may do what
 */
public record ApiServerOptions(String serviceRange, Authorization authorization) {
  /** 10.96.0.0/16, and whoever is authenticated may do everything. */
  public static final ApiServerOptions DEFAULTS =
      new ApiServerOptions("10.96.0.0/16", Authorization.AUTHENTICATED);

  /** How requests are authorized. */
  public enum Authorization {
    /** Whoever is authenticated may do everything. */
    AUTHENTICATED,
    /** By the roles and bindings of {@code rbac.authorization.k8s.io}; the admin token by none. */
    RBAC
  }

  public ApiServerOptions withServiceRange(String range) {
    return new ApiServerOptions(range, authorization);
  }

  public ApiServerOptions withAuthorization(Authorization how) {
    return new ApiServerOptions(serviceRange, how);
  }
}
