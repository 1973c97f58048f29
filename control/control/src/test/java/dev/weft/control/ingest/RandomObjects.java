package dev.weft.control.ingest;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.DestinationRule;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.GatewayConfig;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MtlsMode;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.PeerAuthentication;
import dev.weft.config.PolicyTarget;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.ServiceEntry;
import dev.weft.config.SidecarSpec;
import dev.weft.config.Telemetry;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.config.WorkloadEntry;
import dev.weft.config.WorkloadSpec;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Objects of the config API at random. Confined to a test. */
final class RandomObjects {
  private final SplittableRandom random;
  private final List<String> namespaces;
  private final List<String> apps;

  RandomObjects(SplittableRandom random, List<String> namespaces, List<String> apps) {
    this.random = random;
    this.namespaces = namespaces;
    this.apps = apps;
  }

  ConfigObject next() {
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> rule();
      case 8, 9 -> serviceEntry();
      case 14 ->
          new EnvoyFilter(
              meta(ConfigKind.ENVOY_FILTER),
              target(),
              random.nextInt(2),
              List.of(
                  new EnvoyFilter.RemoveFilter(
                      new EnvoyFilter.Where(EnvoyFilter.Context.ANY, ""),
                      EnvoyFilter.ListenerMatch.ANY,
                      pick(apps))));
      case 13 ->
          new Telemetry(
              meta(ConfigKind.TELEMETRY),
              new PolicyTarget(random.nextBoolean() ? Map.of() : Map.of("app", pick(apps)), false),
              List.of(
                  new Telemetry.Logging(
                      pick(List.of(Telemetry.Mode.values())), List.of(), random.nextBoolean(), "")),
              List.of(),
              List.of());
      case 12 ->
          new SidecarSpec(
              meta(ConfigKind.SIDECAR),
              random.nextBoolean() ? Map.of() : Map.of("app", pick(apps)),
              List.of(egress()),
              random.nextBoolean()
                  ? List.of()
                  : List.of(
                      new SidecarSpec.Ingress(
                          new SidecarSpec.Port(8080, pick(List.of(AppProtocol.values()))),
                          "",
                          random.nextBoolean(),
                          new HostPort("127.0.0.1", 8081),
                          null)),
              null,
              random.nextBoolean()
                  ? null
                  : new SidecarSpec.Unknown(
                      MeshSettings.OutboundPolicy.ALLOW_ANY,
                      new VirtualService.Destination(
                          pick(apps) + ".default.svc.cluster.local", "", 80)));
      case 10, 11 -> new WorkloadEntry(meta(ConfigKind.WORKLOAD_ENTRY), workload());
      case 3 ->
          new VirtualService(
              meta(ConfigKind.VIRTUAL_SERVICE),
              List.of(pick(apps)),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of());
      case 4 ->
          new PeerAuthentication(
              meta(ConfigKind.PEER_AUTHENTICATION),
              random.nextBoolean() ? Map.of() : Map.of("app", pick(apps)),
              pick(List.of(MtlsMode.values())),
              Map.of());
      case 5 -> new GatewayConfig(meta(ConfigKind.GATEWAY), Map.of("app", pick(apps)), List.of());
      case 6 ->
          new AuthorizationPolicy(
              meta(ConfigKind.AUTHORIZATION_POLICY),
              target(),
              pick(List.of(AuthorizationPolicy.Action.values())),
              "",
              random.nextBoolean(),
              List.of());
      case 7 ->
          new RequestAuthentication(meta(ConfigKind.REQUEST_AUTHENTICATION), target(), List.of());
      default -> istioGateway();
    };
  }

  private SidecarSpec.Egress egress() {
    return new SidecarSpec.Egress(
        random.nextBoolean() ? null : new SidecarSpec.Port(80, AppProtocol.HTTP),
        "",
        random.nextBoolean(),
        List.of(new SidecarSpec.EgressHost(pick(List.of(".", "*", "~")), "*")));
  }

  private PolicyTarget target() {
    return random.nextBoolean()
        ? PolicyTarget.EVERY
        : new PolicyTarget(Map.of("app", pick(apps)), false);
  }

  DestinationRule rule() {
    return new DestinationRule(
        meta(ConfigKind.DESTINATION_RULE),
        pick(
            List.of(
                pick(apps),
                pick(apps) + "." + pick(namespaces) + ".svc.cluster.local",
                "*.default.svc.cluster.local",
                "*")),
        TrafficPolicy.NONE,
        List.of(
            new DestinationRule.Subset(
                pick(List.of("v1", "v2")), Map.of("app", pick(apps)), TrafficPolicy.NONE)),
        random.nextInt(3) == 0 ? List.of(".") : List.of(),
        random.nextInt(4) == 0 ? Map.of("app", pick(apps)) : Map.of());
  }

  MemberClusterSpec memberCluster(ClusterId cluster) {
    return new MemberClusterSpec(
        ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", cluster.value()),
        new NetworkId(pick(List.of("", "n1", "n2"))),
        random.nextBoolean(),
        random.nextInt(3) == 0
            ? new HostPort(pick(List.of("192.0.2.9", "gate.test")), 15443)
            : null,
        random.nextInt(4) == 0);
  }

  private ServiceEntry serviceEntry() {
    boolean selects = random.nextBoolean();
    return new ServiceEntry(
        meta(ConfigKind.SERVICE_ENTRY),
        List.of(
            pick(List.of("a.example", "b.example", pick(apps) + ".default.svc.cluster.local")),
            "*.example"),
        random.nextInt(3) == 0 ? List.of("192.0.2.1") : List.of(),
        List.of(new ServiceEntry.Port(80, "http", AppProtocol.HTTP, 8080)),
        pick(List.of(ServiceEntry.Location.values())),
        pick(List.of(ServiceEntry.Resolution.values())),
        selects ? List.of() : List.of(workload()),
        selects ? Map.of("app", pick(apps)) : Map.of(),
        random.nextInt(3) == 0 ? List.of(".") : List.of(),
        List.of(),
        random.nextBoolean());
  }

  private WorkloadSpec workload() {
    return new WorkloadSpec(
        "10.0.0." + random.nextInt(20),
        random.nextBoolean() ? Map.of() : Map.of("http", 9080),
        Map.of("app", pick(apps)),
        new NetworkId(pick(List.of("", "n1", "n2"))),
        Locality.parse(pick(List.of("", "r/z1"))),
        1 + random.nextInt(2),
        pick(List.of("", "web")));
  }

  private ConfigObject istioGateway() {
    return ObjectParser.parse(
            ConfigKind.ISTIO_GATEWAY,
            Map.of(
                "metadata",
                Map.of("name", "gw-" + random.nextInt(2), "namespace", "istio-system"),
                "spec",
                Map.of("gatewayType", "ingress", "replicaCount", 1 + random.nextInt(2))))
        .value()
        .orElseThrow();
  }

  private ObjectMeta meta(ConfigKind kind) {
    return new ObjectMeta(
        new ObjectRef(kind, pick(namespaces), "object-" + random.nextInt(4)),
        Map.of(),
        Instant.EPOCH.plusSeconds(random.nextInt(3)),
        1);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
