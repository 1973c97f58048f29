package dev.weft.runtime;

import dev.weft.xds.client.Ignored.Field;
import dev.weft.xds.client.Ignored.Fields;

/** Routes: what this proxy takes and does not act on. */
final class IgnoredInRoutes {
  private static final String CORE = "envoy.config.core.v3.";
  private static final String ROUTE_V3 = "envoy.config.route.v3.";

  static final Fields ROUTE_TABLE =
      Fields.of(
          ROUTE_V3 + "RouteConfiguration",
          field(7, "a cluster that is not there is answered for when a request comes"),
          field(11, "an answer of any size is taken, as the server sent it"),
          field(17, Reason.METADATA));

  static final Fields VIRTUAL_HOST =
      Fields.of(
          ROUTE_V3 + "VirtualHost",
          field(5, Reason.STATISTICS),
          field(18, Reason.BUFFERS),
          field(24, Reason.METADATA));

  static final Fields ROUTE =
      Fields.of(
          ROUTE_V3 + "Route",
          field(4, Reason.METADATA),
          field(16, Reason.BUFFERS),
          field(19, Reason.STATISTICS));

  static final Fields ROUTE_ACTION =
      Fields.of(
          ROUTE_V3 + "RouteAction",
          field(31, "internal redirects are refused"),
          field(40, Reason.HTTP3));

  static final Fields WEIGHTED_CLUSTERS =
      Fields.of(
          ROUTE_V3 + "WeightedCluster",
          field(2, Reason.RUNTIME),
          field(3, "the sum of the weights is their total"));

  static final Fields MIRROR =
      Fields.of(
          ROUTE_V3 + "RouteAction.RequestMirrorPolicy",
          field(4, "copies have no spans of their own"));

  static final Fields RETRY_HOSTS =
      Fields.of(
          ROUTE_V3 + "RetryPolicy.RetryHostPredicate",
          field(3, "the one predicate that is known has no settings"));

  static final Fields RETRY_PRIORITY =
      Fields.of(
          ROUTE_V3 + "RetryPolicy.RetryPriority",
          field(3, "the priorities of all earlier attempts are left, from the first retry on"));

  static final Fields FAULT =
      Fields.of(
          "envoy.extensions.filters.http.fault.v3.HTTPFault",
          field(8, Reason.RUNTIME),
          field(9, Reason.RUNTIME),
          field(10, Reason.RUNTIME),
          field(11, Reason.RUNTIME),
          field(12, Reason.RUNTIME),
          field(13, Reason.RUNTIME),
          field(14, Reason.RUNTIME),
          field(15, Reason.STATISTICS),
          field(16, Reason.METADATA));

  static final Fields CORS =
      Fields.of("envoy.extensions.filters.http.cors.v3.CorsPolicy", field(8, Reason.STATISTICS));

  static final Fields REGEX =
      Fields.of("envoy.type.matcher.v3.RegexMatcher", field(1, "RE2 is the one engine"));

  static final Fields RUNTIME_FRACTION =
      Fields.of(CORE + "RuntimeFractionalPercent", field(2, Reason.RUNTIME));

  private IgnoredInRoutes() {}

  private static Field field(int number, String reason) {
    return new Field(number, reason);
  }
}
