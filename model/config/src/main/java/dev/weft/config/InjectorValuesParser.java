package dev.weft.config;

import dev.weft.config.InjectorValues.Capture;
import dev.weft.config.InjectorValues.NativeSidecars;
import dev.weft.config.InjectorValues.Redirect;
import dev.weft.config.InjectorValues.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads Helm values (istio-discovery's, which this mesh's chart shares) as far as they concern pods
 * with proxies. All other values are the chart's own business. A value that is wrong keeps its
 * default; everything else takes effect.
 */
public final class InjectorValuesParser {
  private static final String PROXY_NAME = "weft";

  private InjectorValuesParser() {}

  /** The values that can be used, and what was wrong. */
  public record Read(InjectorValues values, List<Diagnostic> diagnostics) {
    public Read {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * Reads.
   *
   * @param object what messages call it, such as {@code ConfigMap
   *     istio-system/istio-sidecar-injector}
   */
  public static Read read(Map<String, ?> values, String object) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    TreeReader root = new TreeReader(values, object, "values", diagnostics);
    Map<String, Object> none = Map.of();
    TreeReader empty = new TreeReader(none, object, "values", diagnostics);
    TreeReader global = part(root, "global", empty);
    TreeReader proxy = part(global, "proxy", empty);
    TreeReader webhook = part(root, "sidecarInjectorWebhook", empty);
    InjectorValues d = InjectorValues.defaults();
    return new Read(
        new InjectorValues(
            image(global.string("hub"), global.string("tag"), proxy.string("image")),
            global.string("imagePullPolicy"),
            pullSecrets(global),
            proxy.string("logLevel", d.logLevel()),
            proxy.string("componentLogLevel", d.componentLogLevel()),
            proxy.has("resources") ? resources(part(proxy, "resources", empty)) : d.resources(),
            capture(proxy, d.capture()),
            global.string("network"),
            global.string("meshID"),
            part(global, "multiCluster", empty).string("clusterName"),
            nativeSidecars(global, part(part(root, "pilot", empty), "env", empty)),
            redirect(root, empty),
            proxy.bool("holdApplicationUntilProxyStarts", d.holdApplication()),
            webhook.bool("enableNamespacesByDefault", d.namespacesByDefault()),
            webhook.bool("rewriteAppHTTPProbe", d.rewriteAppProbes()),
            selectors(webhook, "neverInjectSelector"),
            selectors(webhook, "alwaysInjectSelector"),
            webhook.stringMap("injectedAnnotations")),
        diagnostics);
  }

  /** A field of fields, of which others than those asked for are no concern of ours. */
  private static TreeReader part(TreeReader of, String key, TreeReader otherwise) {
    TreeReader found =
        of.object(
            key,
            r -> {
              r.others();
              return r;
            });
    return found == null ? otherwise : found;
  }

  /** Istio: images with a slash or a colon in their name stand for themselves. */
  private static String image(String hub, String tag, String name) {
    if (name.contains("/") || name.contains(":")) {
      return name;
    }
    if (hub.isEmpty()) {
      return "";
    }
    return hub + "/" + (name.isEmpty() ? PROXY_NAME : name) + (tag.isEmpty() ? "" : ":" + tag);
  }

  /** A list of names, or of objects with a name, as Kubernetes writes them. */
  private static List<String> pullSecrets(TreeReader global) {
    List<String> names = new ArrayList<>();
    if (global.any("imagePullSecrets") instanceof List<?> list) {
      for (Object each : list) {
        Object name = each instanceof Map<?, ?> map ? map.get("name") : each;
        if (name instanceof String text && !text.isEmpty()) {
          names.add(text);
        } else {
          global.error("imagePullSecrets", "a list of names of Secrets is needed, not " + each);
        }
      }
    } else if (global.has("imagePullSecrets")) {
      global.error("imagePullSecrets", "a list of names of Secrets is needed");
    }
    return names;
  }

  private static Resources resources(TreeReader r) {
    Map<String, String> limits = r.stringMap("limits");
    Map<String, String> requests = r.stringMap("requests");
    return new Resources(
        requests.getOrDefault("cpu", ""),
        limits.getOrDefault("cpu", ""),
        requests.getOrDefault("memory", ""),
        limits.getOrDefault("memory", ""));
  }

  private static Capture capture(TreeReader proxy, Capture d) {
    return new Capture(
        proxy.string("includeIPRanges", d.outboundRanges()),
        proxy.string("excludeIPRanges", d.withoutOutboundRanges()),
        proxy.string("includeInboundPorts", d.inboundPorts()),
        proxy.string("excludeInboundPorts", d.withoutInboundPorts()),
        proxy.string("includeOutboundPorts", d.outboundPorts()),
        proxy.string("excludeOutboundPorts", d.withoutOutboundPorts()));
  }

  private static NativeSidecars nativeSidecars(TreeReader global, TreeReader env) {
    String key = "nativeSidecars";
    String value = global.string(key, env.string("ENABLE_NATIVE_SIDECARS", "auto"));
    return switch (value) {
      case "auto" -> NativeSidecars.AUTO;
      case "true" -> NativeSidecars.ALWAYS;
      case "false" -> NativeSidecars.NEVER;
      default -> {
        global.error(key, "auto, true or false is needed, not " + value);
        yield NativeSidecars.AUTO;
      }
    };
  }

  private static List<LabelSelector> selectors(TreeReader webhook, String key) {
    return webhook.objects(key, LabelSelectorParser::read);
  }

  /** Istio: pilot.cni; before 1.21 istio_cni. */
  private static Redirect redirect(TreeReader root, TreeReader empty) {
    boolean byNode =
        part(part(root, "pilot", empty), "cni", empty).bool("enabled", false)
            || part(root, "istio_cni", empty).bool("enabled", false);
    return byNode ? Redirect.NODE : Redirect.POD;
  }
}
