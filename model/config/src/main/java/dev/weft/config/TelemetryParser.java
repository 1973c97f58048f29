package dev.weft.config;

import dev.weft.config.Telemetry.Logging;
import dev.weft.config.Telemetry.MetricEdit;
import dev.weft.config.Telemetry.Mode;
import dev.weft.config.Telemetry.Tracing;
import dev.weft.types.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code telemetry.istio.io Telemetry}. Istio: pkg/config/validation, {@code ValidateTelemetry}.
 */
final class TelemetryParser {
  private TelemetryParser() {}

  static Telemetry read(ObjectMeta meta, TreeReader spec) {
    PolicyTarget target = PolicyTarget.read(spec);
    List<Logging> logging = spec.objects("accessLogging", TelemetryParser::logging);
    List<MetricEdit> metrics = MetricEditParser.read(spec);
    List<Tracing> tracing = spec.objects("tracing", TelemetryParser::tracing);
    return new Telemetry(meta, target, logging, metrics, tracing);
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

  /** A proxy has one tracer, so that the first provider counts. */
  private static Tracing tracing(TreeReader r) {
    List<String> providers = providers(r);
    if (providers.size() > 1) {
      r.warning(
          "unsupported-field",
          "providers",
          "spans are sent to one provider, to " + providers.getFirst());
    }
    Mode mode = r.object("match", TelemetryParser::mode);
    r.unsupported(
        "disableContextPropagation",
        Shape.Simple.FLAG,
        "requests tell the next proxy in any case which trace they belong to");
    return new Tracing(
        mode == null ? Mode.CLIENT_AND_SERVER : mode,
        providers.isEmpty() ? "" : providers.getFirst(),
        r.optionalBool("disableSpanReporting"),
        r.optionalNumber("randomSamplingPercentage", 0, 100),
        TraceTagParser.read(r),
        r.optionalBool("useRequestIdForTraceSampling"),
        r.optionalBool("enableIstioTags"));
  }
}
