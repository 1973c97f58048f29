package dev.weft.runtime;

import dev.weft.xds.client.Ignored.Field;
import dev.weft.xds.client.Ignored.Fields;
import dev.weft.xds.client.Ignored.Whole;

/** Filters that decide who may come in: what this proxy takes and does not act on. */
final class IgnoredInAccess {
  private static final String JWT = "envoy.extensions.filters.http.jwt_authn.v3.";

  static final Fields HTTP_RBAC =
      Fields.of(
          "envoy.extensions.filters.http.rbac.v3.RBAC",
          field(6, Reason.STATISTICS),
          field(7, Reason.STATISTICS));

  static final Fields NETWORK_RBAC =
      Fields.of(
          "envoy.extensions.filters.network.rbac.v3.RBAC",
          field(3, Reason.STATISTICS),
          field(4, "it is decided before the first byte, and nothing that is asked changes later"));

  static final Fields EXTENSION =
      Fields.of("envoy.config.core.v3.TypedExtensionConfig", field(1, Reason.NAME));

  static final Fields EXT_AUTHZ =
      Fields.of(
          "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
          field(13, Reason.STATISTICS),
          field(20, Reason.STATISTICS));

  static final Fields SERVER_URI =
      Fields.of("envoy.config.core.v3.HttpUri", field(1, "the cluster beside it says where it is"));

  static final Fields JWT_AUTHENTICATION =
      Fields.of(JWT + "JwtAuthentication", field(7, Reason.STATISTICS));

  static final Fields JWT_PROVIDER =
      Fields.of(JWT + "JwtProvider", field(17, "routes are chosen after the token was read"));

  static final Whole JWT_CACHE =
      new Whole(JWT + "JwtCacheConfig", "each token is verified; nothing verified is kept");

  private IgnoredInAccess() {}

  private static Field field(int number, String reason) {
    return new Field(number, reason);
  }
}
