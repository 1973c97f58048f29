package dev.weft.config;

import dev.weft.config.Telemetry.Logging;
import dev.weft.config.Telemetry.MetricEdit;
import dev.weft.config.Telemetry.Mode;
import dev.weft.types.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code telemetry.istio.io Telemetry}. Istio: pkg/config/validation, {@code ValidateTelemetry}.
 */
final class TelemetryParser {
  private static final String NO_TRACES = "no traces are made";

  private TelemetryParser() {}

  static Telemetry read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec);
    List<Logging> logging = spec.objects("accessLogging", TelemetryParser::logging);
    List<MetricEdit> metrics = MetricEditParser.read(spec);
    List<Mode> unused = spec.objects("tracing", TelemetryParser::tracing);
    return new Telemetry(meta, target, logging, metrics);
  }

  private static Logging logging(TreeReader r) {
    List<String> providers = providers(r);
    Mode mode = r.object("match", TelemetryParser::mode);
    boolean disabled = r.bool("disabled", false);
    String condition = r.object("filter", TelemetryParser::condition);
    return new Logging(
        mode == null ? Mode.CLIENT_AND_SERVER : mode,
        providers,
        disabled,
        condition == null ? "" : condition);
  }

  private static List<String> providers(TreeReader r) {
    List<String> names = new ArrayList<>();
    r.objects(
            "providers",
            p -> {
              String name = p.string("name");
              if (name.isEmpty()) {
                p.error("name", "the name of one of extensionProviders of the mesh is needed");
              }
              return name;
            })
        .forEach(names::add);
    return names;
  }

  private static @Nullable Mode mode(TreeReader r) {
    return r.constant("mode", Mode.class);
  }

  /** A filter that cannot be carried out hides nothing. */
  private static String condition(TreeReader r) {
    String written = r.string("expression");
    if (written.isEmpty()) {
      return "";
    }
    try {
      Expression.parse(written);
      return written;
    } catch (IllegalArgumentException e) {
      r.warning(
          "unsupported-field",
          "expression",
          "this is not supported, so everything is logged: "
              + e.getMessage()
              + "; attributes may be compared with values, and joined by &&, || and !");
      return "";
    }
  }

  /** Nothing is traced, which is what somebody wants who reports no spans. */
  private static @Nullable Mode tracing(TreeReader r) {
    r.unsupported(
        "providers", new Shape.ListOf(Shape.Fields.of(Shape.field("name", Shape.TEXT))), NO_TRACES);
    r.unsupported(
        "match",
        Shape.Fields.of(
            Shape.field("mode", new Shape.Text(List.of("CLIENT_AND_SERVER", "CLIENT", "SERVER")))),
        NO_TRACES);
    r.unsupported("randomSamplingPercentage", Shape.Simple.NUMBER, NO_TRACES);
    r.unsupported("customTags", new Shape.MapOf(Shape.Simple.OPEN), NO_TRACES);
    r.unsupported("useRequestIdForTraceSampling", Shape.Simple.FLAG, NO_TRACES);
    r.unsupported("enableIstioTags", Shape.Simple.FLAG, NO_TRACES);
    r.unsupported("disableContextPropagation", Shape.Simple.FLAG, NO_TRACES);
    if (!r.bool("disableSpanReporting", true)) {
      r.warning("unsupported-field", "disableSpanReporting", NO_TRACES);
    }
    return null;
  }
}
