package dev.weft.snapshot;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The messages of Istio's analyzers, and what becomes of each here. The table in {@code
 * docs/analyze.md} is made of this. Istio: pkg/config/analysis/msg/messages.yaml.
 */
public enum IstioCode {
  IST0001("InternalError", Answer.NOT, "a fault of the command ends it with a message"),
  IST0002("Deprecated", Answer.OTHERWISE, "`unknown-field` where a field is no longer read"),
  IST0101(
      "ReferencedResourceNotFound",
      Answer.FOUND,
      "hosts, ports and subsets of routes; gateways and delegates of a VirtualService; pods of a"
          + " Gateway; providers of policies and Telemetries"),
  IST0102("NamespaceNotInjected", Answer.FOUND, "namespaces with pods, without a label"),
  IST0103("PodMissingProxy", Answer.FOUND, "pods that should have a sidecar"),
  IST0106("SchemaValidationError", Answer.OTHERWISE, "`invalid-field`, refused at apply"),
  IST0107("MisplacedAnnotation", Answer.FOUND, "of Services, pods and namespaces"),
  IST0108("UnknownAnnotation", Answer.FOUND, "of Services, pods and namespaces"),
  IST0109("ConflictingMeshGatewayVirtualServiceHosts", Answer.FOUND, "for sidecars"),
  IST0110("ConflictingSidecarWorkloadSelectors", Answer.FOUND, "pods that two Sidecars select"),
  IST0111("MultipleSidecarsWithoutWorkloadSelectors", Answer.FOUND, "of one namespace"),
  IST0112("VirtualServiceDestinationPortSelectorRequired", Answer.FOUND, "every route"),
  IST0113(
      "MTLSPolicyConflict",
      Answer.FOUND,
      "DestinationRules without mutual TLS for pods that demand it, and the other way round"),
  IST0116(
      "DeploymentAssociatedToMultipleServices",
      Answer.FOUND,
      "one port of a pod, by several Services, with different protocols"),
  IST0117("DeploymentRequiresServiceAssociated", Answer.NOT, "retired by Istio"),
  IST0118("PortNameIsNotUnderNamingConvention", Answer.FOUND, "ports without a protocol"),
  IST0119(
      "JwtFailureDueToInvalidServicePortPrefix",
      Answer.NOT,
      "what a port without a protocol speaks is seen in its first bytes"),
  IST0122("InvalidRegexp", Answer.OTHERWISE, "`invalid-field`, refused at apply"),
  IST0123("NamespaceMultipleInjectionLabels", Answer.FOUND, "`istio-injection` and `istio.io/rev`"),
  IST0125("InvalidAnnotation", Answer.FOUND, "values that the injector does not take"),
  IST0126("UnknownMeshNetworksServiceRegistry", Answer.FOUND, "`fromRegistry` of meshNetworks"),
  IST0127(
      "NoMatchingWorkloadsFound",
      Answer.FOUND,
      "selectors of policies, DestinationRules and ServiceEntries"),
  IST0128(
      "NoServerCertificateVerificationDestinationLevel",
      Answer.NOT,
      "certificates are verified with the roots of the system where none are given"),
  IST0129(
      "NoServerCertificateVerificationPortLevel",
      Answer.NOT,
      "certificates are verified with the roots of the system where none are given"),
  IST0130("VirtualServiceUnreachableRule", Answer.FOUND, "HTTP rules"),
  IST0131("VirtualServiceIneffectiveMatch", Answer.FOUND, "HTTP rules"),
  IST0132("VirtualServiceHostNotFoundInGateway", Answer.FOUND, "every host"),
  IST0133("SchemaWarning", Answer.OTHERWISE, "`unknown-field`, `unsupported-field`"),
  IST0134(
      "ServiceEntryAddressesRequired",
      Answer.NOT,
      "hosts without an address get one of the mesh, where the proxy answers DNS"),
  IST0135("DeprecatedAnnotation", Answer.FOUND, "of Services, pods and namespaces"),
  IST0136("AlphaAnnotation", Answer.NOT, "no longer reported by Istio"),
  IST0137(
      "DeploymentConflictingPorts",
      Answer.NOT,
      "what enters a pod is told apart by the pod's port, whatever Services call it"),
  IST0138(
      "GatewayDuplicateCertificate",
      Answer.NOT,
      "a request that comes over a connection for another host is answered with 421: clients open one"),
  IST0139("InvalidWebhook", Answer.NOT, "the control plane keeps its webhooks itself"),
  IST0140("IngressRouteRulesNotAffected", Answer.NOT, "gateways obey subsets"),
  IST0141("InsufficientPermissions", Answer.OTHERWISE, "`weft precheck`"),
  IST0142("UnsupportedKubernetesVersion", Answer.OTHERWISE, "`weft precheck`"),
  IST0143("LocalhostListener", Answer.NOT, "nobody looks into pods"),
  IST0144("InvalidApplicationUID", Answer.NOT, "security contexts of pods are not read"),
  IST0145("ConflictingGateways", Answer.FOUND, "the same pods, port and host"),
  IST0146("ImageAutoWithoutInjectionWarning", Answer.NOT, "images of pods are not read"),
  IST0147("ImageAutoWithoutInjectionError", Answer.NOT, "images of pods are not read"),
  IST0148("NamespaceInjectionEnabledByDefault", Answer.FOUND, "with `enableNamespacesByDefault`"),
  IST0149(
      "JwtClaimBasedRoutingWithoutRequestAuthN",
      Answer.NOT,
      "a request without a verified token has no claims, and takes another route"),
  IST0150(
      "ExternalNameServiceTypeInvalidPortName",
      Answer.NOT,
      "the protocol of an alias is that of the service that it stands for; only a host outside the"
          + " mesh is served by the ports of its Service"),
  IST0151(
      "EnvoyFilterUsesRelativeOperation",
      Answer.FOUND,
      "where the filter that is named comes from another EnvoyFilter, and age decides the order;"
          + " filters of the mesh are always there, and `MERGE` comes after all else"),
  IST0152("EnvoyFilterUsesReplaceOperationIncorrectly", Answer.FOUND, "of routes"),
  IST0153("EnvoyFilterUsesAddOperationIncorrectly", Answer.FOUND, "of routes"),
  IST0154("EnvoyFilterUsesRemoveOperationIncorrectly", Answer.FOUND, "of routes"),
  IST0155(
      "EnvoyFilterUsesRelativeOperationWithProxyVersion",
      Answer.OTHERWISE,
      "`proxy-version`, with every operation"),
  IST0156("UnsupportedGatewayAPIVersion", Answer.NOT, NoEffect.GATEWAY_API),
  IST0157(
      "InvalidTelemetryProvider",
      Answer.NOT,
      "without a provider, the log that the mesh's settings name is meant"),
  IST0158("PodsIstioProxyImageMismatchInNamespace", Answer.OTHERWISE, "`weft proxy-status`"),
  IST0159(
      "ConflictingTelemetryWorkloadSelectors", Answer.FOUND, "pods that two Telemetries select"),
  IST0160("MultipleTelemetriesWithoutWorkloadSelectors", Answer.FOUND, "of one namespace"),
  IST0161(
      "InvalidGatewayCredential",
      Answer.FOUND,
      "Secrets of Gateways that are missing, may not be read, or hold what does not fit"),
  IST0162("GatewayPortNotDefinedOnService", Answer.FOUND, "ports of servers"),
  IST0163(
      "InvalidExternalControlPlaneConfig",
      Answer.NOT,
      "the control plane writes the address of its webhooks itself"),
  IST0164(
      "ExternalControlPlaneAddressIsNotAHostname",
      Answer.NOT,
      "the control plane writes the address of its webhooks itself"),
  IST0165("ReferencedInternalGateway", Answer.NOT, NoEffect.GATEWAY_API),
  IST0166("IneffectiveSelector", Answer.NOT, NoEffect.GATEWAY_API),
  IST0167("IneffectivePolicy", Answer.NOT, "there is no ambient mode"),
  IST0168("UnknownUpgradeCompatibility", Answer.NOT, "about upgrades of Istio"),
  IST0169("UpdateIncompatibility", Answer.NOT, "about upgrades of Istio"),
  IST0170("MultiClusterInconsistentService", Answer.FOUND, "ports"),
  IST0171(
      "NegativeConditionStatus",
      Answer.OTHERWISE,
      "the finding itself, which the condition is made of"),
  IST0173("DestinationRuleSubsetNotSelectPods", Answer.FOUND, "subsets without endpoints"),
  IST0174("UnknownDestinationRuleHost", Answer.FOUND, "hosts that no cluster has");

  /** What becomes of a message. */
  public enum Answer {
    /** It is reported with its code. */
    FOUND,
    /** The mistake is shown in another way. */
    OTHERWISE,
    /** It cannot be made, or is not looked for. */
    NOT
  }

  private static final class NoEffect {
    static final String GATEWAY_API = "the Gateway API is not read";

    private NoEffect() {}
  }

  private final String title;
  private final Answer answer;
  private final String words;

  IstioCode(String title, Answer answer, String words) {
    this.title = title;
    this.answer = answer;
    this.words = words;
  }

  /** Istio's name of the message. */
  public String title() {
    return title;
  }

  public Answer answer() {
    return answer;
  }

  /** What is looked at, where it is shown instead, or why it is not looked for. */
  public String words() {
    return words;
  }

  /** Empty for codes of our own. */
  public static Optional<IstioCode> of(String code) {
    return Stream.of(values()).filter(c -> c.name().equals(code)).findFirst();
  }
}
