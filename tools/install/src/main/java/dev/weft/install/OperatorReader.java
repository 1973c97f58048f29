package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an IstioOperator. A field that means nothing here is a problem with its path: nobody should
 * believe that it took effect. Istio: operator/pkg/apis/types.go.
 */
final class OperatorReader {
  private static final Set<String> SPEC =
      Set.of(
          "profile",
          "hub",
          "tag",
          "namespace",
          "revision",
          "meshConfig",
          "components",
          "values",
          "unvalidatedValues");
  private static final Set<String> COMPONENTS =
      Set.of("base", "pilot", "ingressGateways", "egressGateways", "cni", "ztunnel");
  private static final Set<String> COMPONENT = Set.of("enabled", "namespace", "hub", "tag", "k8s");
  private static final Set<String> GATEWAY = Set.of("enabled", "namespace", "name", "label", "k8s");

  private final KnownValues known;
  private final List<Problem> problems = new ArrayList<>();

  OperatorReader(KnownValues known) {
    this.known = known;
  }

  /** From the whole object, merged from all that the user gave. */
  IstioOperator.Read read(Map<String, Object> object) {
    if (!object.isEmpty()) {
      constant(object, "apiVersion", IstioOperator.API_VERSION);
      constant(object, "kind", IstioOperator.KIND);
    }
    only("", object, Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    Map<String, Object> spec = Trees.map(object.get("spec"));
    only("spec", spec, SPEC);
    Profile profile = profile(Trees.text(spec.get("profile")));
    Map<String, Object> values =
        Trees.merged(Trees.map(spec.get("values")), Trees.map(spec.get("unvalidatedValues")));
    problems.addAll(known.unknown("spec.values", Trees.map(spec.get("values"))));
    String namespace =
        first(
            spec.get("namespace"),
            Trees.at(object, "metadata", "namespace"),
            Trees.at(values, "global", "istioNamespace"),
            "istio-system");
    String revision = first(spec.get("revision"), values.get("revision"), "default");
    if (!revision.matches("[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?")) {
      problem("spec.revision", "'" + revision + "' is not lower case letters, digits and '-'");
    }
    Map<String, Object> components = Trees.map(spec.get("components"));
    only("spec.components", components, COMPONENTS);
    if (enabled(components.get("ztunnel"), false)) {
      problem("spec.components.ztunnel", "there is no such part here");
    }
    KubernetesSettings settings = new KubernetesSettings(problems);
    Map<String, Object> common = common(spec, namespace, revision);
    Map<String, Object> control =
        Trees.merged(
            Trees.merged(common, Trees.map(control(spec))),
            without(values, "gateways", "base", "cni"));
    Map<String, Object> written = component("cni", components);
    boolean byNode = enabled(written, false);
    if (byNode) {
      control = Trees.with(control, true, "pilot", "cni", "enabled");
    }
    Map<String, Object> pilot = component("pilot", components);
    control = Trees.merged(control, settings.pilot("spec.components.pilot", pilot));
    if (profile == Profile.REMOTE) {
      control = Trees.with(control, true, "istiodRemote", "enabled");
    }
    List<Overlay> overlays =
        new ArrayList<>(settings.overlays("spec.components.pilot.k8s", pilot.get("k8s")));
    overlays.addAll(settings.overlays("spec.components.cni.k8s", written.get("k8s")));
    List<IstioOperator.Gateway> gateways = new ArrayList<>();
    GatewayReader reader = new GatewayReader(settings, values, namespace, revision, problems);
    for (String side : List.of("ingressGateways", "egressGateways")) {
      boolean ingress = side.startsWith("ingress");
      boolean wanted = ingress ? profile.ingress() : profile.egress();
      String plain = ingress ? Profile.INGRESS : Profile.EGRESS;
      for (Map<String, Object> each :
          gateways("spec.components." + side, components.get(side), plain, wanted)) {
        overlays.addAll(settings.overlays("spec.components." + side + ".k8s", each.get("k8s")));
        gateways.add(reader.read("spec.components." + side, each, plain));
      }
    }
    Map<String, Object> base =
        Trees.merged(
            profile == Profile.REMOTE ? Map.of("reader", Map.of("rights", "provision")) : Map.of(),
            only(values, "base", "reader"));
    return new IstioOperator.Read(
        new IstioOperator(
            profile,
            namespace,
            revision,
            enabled(components.get("base"), profile.base()),
            enabled(components.get("pilot"), profile.control() || leadsElsewhere(profile, control)),
            Trees.with(base, namespace, "global", "istioNamespace"),
            control,
            byNode
                ? Optional.of(cni(written, Trees.merged(common, values), namespace, settings))
                : Optional.empty(),
            gateways,
            overlays),
        problems);
  }

  /**
   * Whether a cluster without a control plane is to lead to one; without an address, the other
   * control plane makes the way itself.
   */
  private static boolean leadsElsewhere(Profile profile, Map<String, Object> control) {
    return profile == Profile.REMOTE
        && !Trees.text(Trees.at(control, "global", "remotePilotAddress")).isEmpty();
  }

  private static IstioOperator.Cni cni(
      Map<String, Object> written,
      Map<String, Object> values,
      String systemNamespace,
      KubernetesSettings settings) {
    Map<String, Object> own = only(values, "global", "cni");
    own = Trees.merged(own, settings.cni("spec.components.cni", written));
    return new IstioOperator.Cni(first(written.get("namespace"), systemNamespace), own);
  }

  private static Map<String, Object> common(
      Map<String, Object> spec, String namespace, String revision) {
    Map<String, Object> common = Trees.with(Map.of(), namespace, "global", "istioNamespace");
    for (String field : List.of("hub", "tag")) {
      if (spec.get(field) != null) {
        common = Trees.with(common, Trees.text(spec.get(field)), "global", field);
      }
    }
    return Trees.with(common, revision.equals("default") ? "" : revision, "revision");
  }

  private static Map<String, Object> control(Map<String, Object> spec) {
    return spec.get("meshConfig") == null
        ? Map.of()
        : Map.of("meshConfig", Trees.map(spec.get("meshConfig")));
  }

  private Map<String, Object> component(String name, Map<String, Object> components) {
    Map<String, Object> component = Trees.map(components.get(name));
    only("spec.components." + name, component, COMPONENT);
    return component;
  }

  /** Those of the user over that of the profile, without those that are switched off. */
  private List<Map<String, Object>> gateways(
      String path, @Nullable Object written, String plain, boolean wanted) {
    Map<String, Object> standard = Map.of("name", plain, "enabled", wanted);
    Map<String, Object> all =
        Trees.merged(
            Map.of("list", List.of(standard)), Map.of("list", named(path, written, plain)));
    List<Map<String, Object>> on = new ArrayList<>();
    for (Object each : Trees.list(all.get("list"))) {
      Map<String, Object> gateway = Trees.map(each);
      only(path, gateway, GATEWAY);
      if (enabled(gateway, true)) {
        on.add(gateway);
      }
    }
    return on;
  }

  private List<Object> named(String path, @Nullable Object written, String plain) {
    List<Object> named = new ArrayList<>();
    for (Object each : Trees.list(written)) {
      Map<String, Object> gateway = new LinkedHashMap<>(Trees.map(each));
      if (Trees.text(gateway.get("name")).isEmpty()) {
        problem(path, "a gateway has no name; it is taken for " + plain);
        gateway.put("name", plain);
      }
      named.add(gateway);
    }
    return named;
  }

  private Profile profile(String written) {
    if (written.isEmpty()) {
      return Profile.DEFAULT;
    }
    return Profile.find(written)
        .orElseGet(
            () -> {
              problem("spec.profile", "'" + written + "' is not one of " + Profile.all());
              return Profile.DEFAULT;
            });
  }

  private static boolean enabled(@Nullable Object component, boolean otherwise) {
    Object written = Trees.map(component).get("enabled");
    return written == null ? otherwise : Trees.text(written).equals("true");
  }

  private void constant(Map<String, Object> object, String field, String wanted) {
    if (!wanted.equals(object.get(field))) {
      problem(field, "'" + Trees.text(object.get(field)) + "' is not " + wanted);
    }
  }

  private void only(String path, Map<String, Object> tree, Set<String> fields) {
    for (String field : tree.keySet()) {
      if (!fields.contains(field)) {
        problem(path.isEmpty() ? field : path + "." + field, "there is no such field here");
      }
    }
  }

  private static Map<String, Object> only(Map<String, Object> tree, String... keys) {
    Map<String, Object> result = new LinkedHashMap<>(tree);
    result.keySet().retainAll(Set.of(keys));
    return result;
  }

  private static Map<String, Object> without(Map<String, Object> tree, String... keys) {
    Map<String, Object> result = new LinkedHashMap<>(tree);
    result.keySet().removeAll(Set.of(keys));
    return result;
  }

  private static String first(@Nullable Object... candidates) {
    for (Object candidate : candidates) {
      if (candidate != null && !candidate.toString().isEmpty()) {
        return candidate.toString();
      }
    }
    return "";
  }

  private void problem(String path, String message) {
    problems.add(new Problem(path, message));
  }
}
