package dev.weft.config;

import dev.weft.config.AuthorizationPolicy.Action;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the neutral tree of an object (as JSON or YAML gives it) to a value. */
public final class ObjectParser {
  private ObjectParser() {}

  /** Reads an object; never throws. */
  public static Parsed parse(ConfigKind kind, Map<String, ?> tree) {
    ObjectMeta meta = meta(kind, tree);
    if (!kind.supported()) {
      return new Parsed(
          null,
          List.of(
              Diagnostic.warning(
                  "unsupported-kind",
                  meta.ref().toString(),
                  "",
                  "objects of kind " + kind.kind() + " are stored, but have no effect")));
    }
    List<Diagnostic> diagnostics = new ArrayList<>();
    Object spec = tree.get("spec");
    TreeReader reader =
        new TreeReader(
            spec instanceof Map<?, ?> map ? map : Map.of(),
            meta.ref().toString(),
            "spec",
            diagnostics);
    ConfigObject object = read(meta, reader);
    reader.done();
    boolean refused = diagnostics.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
    return new Parsed(refused ? instead(object) : object, diagnostics);
  }

  /** What is in force of an object with errors: nothing, but nobody gets past a broken policy. */
  private static @Nullable ConfigObject instead(@Nullable ConfigObject broken) {
    return broken instanceof AuthorizationPolicy policy && policy.action() != Action.AUDIT
        ? policy.closed()
        : null;
  }

  /** The fields that the spec of an object of a supported kind may have. */
  public static Shape.Fields fields(ConfigKind kind) {
    ObjectMeta meta =
        new ObjectMeta(new ObjectRef(kind, "namespace", "name"), Map.of(), Instant.EPOCH, 0);
    return TreeReader.fieldsOf(spec -> read(meta, spec));
  }

  private static @Nullable ConfigObject read(ObjectMeta meta, TreeReader reader) {
    return switch (meta.ref().kind()) {
      case VIRTUAL_SERVICE -> VirtualServiceParser.read(meta, reader);
      case DESTINATION_RULE -> DestinationRuleParser.read(meta, reader);
      case GATEWAY -> GatewayParser.read(meta, reader);
      case PEER_AUTHENTICATION -> PeerAuthenticationParser.read(meta, reader);
      case REQUEST_AUTHENTICATION -> RequestAuthenticationParser.read(meta, reader);
      case AUTHORIZATION_POLICY -> AuthorizationPolicyParser.read(meta, reader);
      case ISTIO_GATEWAY -> IstioGatewayParser.read(meta, reader);
      case MEMBER_CLUSTER -> MemberClusterParser.read(meta, reader);
      case SERVICE_ENTRY -> ServiceEntryParser.read(meta, reader);
      case WORKLOAD_ENTRY -> WorkloadSpecParser.entry(meta, reader);
      case WORKLOAD_GROUP -> WorkloadSpecParser.group(meta, reader);
      case SIDECAR -> SidecarParser.read(meta, reader);
      case TELEMETRY -> TelemetryParser.read(meta, reader);
      case PROXY_CONFIG -> ProxyConfigParser.read(meta, reader);
      case ENVOY_FILTER -> EnvoyFilterParser.read(meta, reader);
      case WASM_PLUGIN -> null;
    };
  }

  private static ObjectMeta meta(ConfigKind kind, Map<String, ?> tree) {
    Map<?, ?> metadata = tree.get("metadata") instanceof Map<?, ?> m ? m : Map.of();
    // Metadata is the API server's business: what is odd in it is not reported.
    TreeReader reader = new TreeReader(metadata, kind.kind(), "metadata", new ArrayList<>());
    return new ObjectMeta(
        new ObjectRef(
            kind, kind.namespaced() ? reader.string("namespace") : "", reader.string("name")),
        kind == ConfigKind.SERVICE_ENTRY || kind == ConfigKind.WORKLOAD_ENTRY
            ? reader.stringMap("labels")
            : Map.of(),
        reader.stringMap("annotations"),
        instant(reader.string("creationTimestamp")),
        reader.integer("generation", 0, 0, Integer.MAX_VALUE));
  }

  private static Instant instant(String text) {
    try {
      return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
