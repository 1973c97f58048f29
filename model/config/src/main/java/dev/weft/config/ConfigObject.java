package dev.weft.config;

/** An object that a user wrote into the config API, validated. */
public sealed interface ConfigObject
    permits VirtualService,
        DestinationRule,
        EnvoyFilter,
        GatewayConfig,
        PeerAuthentication,
        RequestAuthentication,
        AuthorizationPolicy,
        ProxyConfigSpec,
        ServiceEntry,
        SidecarSpec,
        Telemetry,
        WorkloadEntry,
        WorkloadGroup,
        IstioGatewaySpec,
        MemberClusterSpec {

  ObjectMeta meta();

  default ObjectRef ref() {
    return meta().ref();
  }
}
