package dev.weft.snapshot;

/**
 * Codes of findings: Istio's where its analyzers know the same mistake (istio.io/latest/docs/
 * reference/config/analysis), words of ours otherwise.
 */
final class FindingCode {
  /** ReferencedResourceNotFound. */
  static final String MISSING_REFERENCE = "IST0101";

  /** NamespaceNotInjected. */
  static final String NAMESPACE_NOT_INJECTED = "IST0102";

  /** PodMissingProxy. */
  static final String POD_WITHOUT_PROXY = "IST0103";

  /** MisplacedAnnotation. */
  static final String MISPLACED_ANNOTATION = "IST0107";

  /** UnknownAnnotation. */
  static final String UNKNOWN_ANNOTATION = "IST0108";

  /** ConflictingMeshGatewayVirtualServiceHosts. */
  static final String CONFLICTING_HOSTS = "IST0109";

  /** ConflictingSidecarWorkloadSelectors. */
  static final String TWO_SIDECARS = "IST0110";

  /** MultipleSidecarsWithoutWorkloadSelectors. */
  static final String TWO_DEFAULT_SIDECARS = "IST0111";

  /** VirtualServiceDestinationPortSelectorRequired. */
  static final String PORT_NEEDED = "IST0112";

  /** MTLSPolicyConflict. */
  static final String MTLS_CONFLICT = "IST0113";

  /** DeploymentAssociatedToMultipleServices. */
  static final String PROTOCOLS_DIFFER = "IST0116";

  /** PortNameIsNotUnderNamingConvention. */
  static final String PORT_NAME = "IST0118";

  /** NamespaceMultipleInjectionLabels. */
  static final String TWO_INJECTION_LABELS = "IST0123";

  /** InvalidAnnotation. */
  static final String INVALID_ANNOTATION = "IST0125";

  /** UnknownMeshNetworksServiceRegistry. */
  static final String UNKNOWN_REGISTRY = "IST0126";

  /** NoMatchingWorkloadsFound. */
  static final String SELECTS_NOTHING = "IST0127";

  /** VirtualServiceUnreachableRule. */
  static final String UNREACHABLE_RULE = "IST0130";

  /** VirtualServiceIneffectiveMatch. */
  static final String INEFFECTIVE_MATCH = "IST0131";

  /** VirtualServiceHostNotFoundInGateway. */
  static final String HOST_NOT_IN_GATEWAY = "IST0132";

  /** DeprecatedAnnotation. */
  static final String DEPRECATED_ANNOTATION = "IST0135";

  /** ConflictingGateways. */
  static final String CONFLICTING_GATEWAYS = "IST0145";

  /** NamespaceInjectionEnabledByDefault. */
  static final String INJECTED_BY_DEFAULT = "IST0148";

  /** EnvoyFilterUsesRelativeOperation. */
  static final String ORDER_BY_AGE = "IST0151";

  /** ConflictingTelemetryWorkloadSelectors. */
  static final String TWO_TELEMETRIES = "IST0159";

  /** MultipleTelemetriesWithoutWorkloadSelectors. */
  static final String TWO_DEFAULT_TELEMETRIES = "IST0160";

  /** InvalidGatewayCredential. */
  static final String INVALID_CREDENTIAL = "IST0161";

  /** GatewayPortNotDefinedOnService. */
  static final String GATEWAY_PORT_WITHOUT_SERVICE = "IST0162";

  /** MultiClusterInconsistentService. */
  static final String CLUSTERS_DIFFER = "IST0170";

  /** DestinationRuleSubsetNotSelectPods. */
  static final String EMPTY_SUBSET = "IST0173";

  /** UnknownDestinationRuleHost. */
  static final String UNKNOWN_RULE_HOST = "IST0174";

  /** What an EnvoyFilter merges into a filter of another does not fit it. */
  static final String NOT_MERGED = "filter-not-merged";

  /** A delegate's route reaches beyond the one that delegates. */
  static final String DELEGATE_CONFLICT = "delegate-route-ignored";

  /** Failover is asked for, but nothing would notice that it is needed. */
  static final String FAILOVER_WITHOUT_DETECTION = "failover-without-outlier-detection";

  /** The share of endpoints that may be ejected is left to the implementation. */
  static final String EJECTION_CAP = "ejection-cap";

  /** A share of the requests is meant for a locality without endpoints. */
  static final String EMPTY_LOCALITY = "locality-without-endpoints";

  /** Somebody is asked about the requests in which it is asked. */
  static final String ASKED_ABOUT_ITSELF = "authorizer-asked-about-itself";

  /** A gateway of the mesh runs where the mesh does not look. */
  static final String UNSEEN_GATEWAY = "gateway-not-seen";

  /** A Sidecar listens for services on a port that none of them has. */
  static final String EGRESS_PORT_OF_NOBODY = "egress-port-without-service";

  /** A Service leads to a port that the Sidecar of its pods does not name. */
  static final String PORT_NOT_IN_INGRESS = "service-port-not-in-ingress";

  private FindingCode() {}
}
