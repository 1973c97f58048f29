package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the Pod Security Standards object to in a pod, in the words and the order of Kubernetes
 * (k8s.io/pod-security-admission policy). Windows pods are judged as all others.
 */
final class SecurityChecks {
  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");
  private static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");
  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private final JsonNode spec;
  private final List<ObjectNode> containers;
  private final List<String> found = new ArrayList<>();

  private SecurityChecks(JsonNode spec) {
    this.spec = spec;
    this.containers =
        Stream.of("initContainers", "containers", "ephemeralContainers")
            .flatMap(list -> Json.objects(spec.get(list)).stream())
            .toList();
  }

  /** Each objection of {@code baseline}, as {@code privileged (container "a" must not …)}. */
  static List<String> baseline(JsonNode podSpec) {
    SecurityChecks checks = new SecurityChecks(podSpec);
    checks.add("non-default capabilities", checks.added(DEFAULT_CAPABILITIES));
    checks.shared();
    checks.hostPaths();
    checks.more();
    checks.seccomp(false);
    checks.sysctls();
    return checks.found;
  }

  /** Each objection of {@code restricted}, which has all of baseline's. */
  static List<String> restricted(JsonNode podSpec) {
    SecurityChecks checks = new SecurityChecks(podSpec);
    checks.shared();
    checks.more();
    checks.sysctls();
    checks.all(
        "allowPrivilegeEscalation != false",
        c -> c.path("allowPrivilegeEscalation").asBoolean(true),
        "must set securityContext.allowPrivilegeEscalation=false");
    checks.capabilities();
    checks.volumeTypes();
    checks.nonRoot();
    checks.rootUser();
    checks.seccomp(true);
    return checks.found;
  }

  private void add(String reason, String detail) {
    if (!detail.isEmpty()) {
      found.add(reason + " (" + detail + ")");
    }
  }

  private static JsonNode context(JsonNode holder) {
    return holder.path("securityContext");
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }

  private static String named(List<String> containers) {
    return (containers.size() == 1 ? "container " : "containers ") + quoted(containers);
  }

  private List<String> where(Predicate<JsonNode> bad) {
    return containers.stream()
        .filter(c -> bad.test(context(c)))
        .map(c -> Json.text(c, "name"))
        .toList();
  }

  private void all(String reason, Predicate<JsonNode> bad, String demand) {
    List<String> names = where(bad);
    add(reason, names.isEmpty() ? "" : named(names) + " " + demand);
  }

  // ---- both levels

  private void shared() {
    String namespaces =
        Stream.of("hostNetwork", "hostPID", "hostIPC")
            .filter(field -> spec.path(field).asBoolean())
            .map(field -> field + "=true")
            .collect(Collectors.joining(", "));
    add("host namespaces", namespaces);
  }

  private void hostPaths() {
    List<String> volumes =
        Json.objects(spec.get("volumes")).stream()
            .filter(v -> v.has("hostPath"))
            .map(v -> Json.text(v, "name"))
            .toList();
    if (!volumes.isEmpty()) {
      add("hostPath volumes", (volumes.size() == 1 ? "volume " : "volumes ") + quoted(volumes));
    }
  }

  private void more() {
    ports();
    all(
        "privileged",
        c -> c.path("privileged").asBoolean(),
        "must not set securityContext.privileged=true");
    all(
        "procMount",
        c -> !Set.of("", "Default").contains(Json.text(c, "procMount")),
        "must not set securityContext.procMount to \"Unmasked\"");
    selinux();
  }

  private void ports() {
    List<String> names = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (ObjectNode container : containers) {
      List<String> own =
          Json.objects(container.get("ports")).stream()
              .filter(p -> p.path("hostPort").asInt() != 0)
              .map(p -> Json.text(p, "hostPort"))
              .toList();
      if (!own.isEmpty()) {
        names.add(Json.text(container, "name"));
        ports.addAll(own);
      }
    }
    if (!names.isEmpty()) {
      add(
          "hostPort",
          named(names)
              + (names.size() == 1 ? " uses " : " use ")
              + (ports.size() == 1 ? "hostPort " : "hostPorts ")
              + String.join(", ", ports));
    }
  }

  private void selinux() {
    List<String> setters = new ArrayList<>();
    Predicate<JsonNode> bad =
        c -> {
          JsonNode options = c.path("seLinuxOptions");
          return !SELINUX_TYPES.contains(Json.text(options, "type"))
              || !Json.text(options, "user").isEmpty()
              || !Json.text(options, "role").isEmpty();
        };
    if (bad.test(context(spec))) {
      setters.add("pod");
    }
    List<String> names = where(bad);
    if (!names.isEmpty()) {
      setters.add(named(names));
    }
    if (!setters.isEmpty()) {
      add(
          "seLinuxOptions",
          String.join(" and ", setters) + " set forbidden securityContext.seLinuxOptions");
    }
  }

  private void sysctls() {
    add(
        "forbidden sysctls",
        Json.objects(context(spec).get("sysctls")).stream()
            .map(s -> Json.text(s, "name"))
            .filter(name -> !SYSCTLS.contains(name))
            .collect(Collectors.joining(", ")));
  }

  /** Which containers add what is not in {@code allowed}. */
  private String added(Set<String> allowed) {
    List<String> names = new ArrayList<>();
    List<String> capabilities = new ArrayList<>();
    for (ObjectNode container : containers) {
      List<String> bad =
          Json.texts(context(container).path("capabilities").get("add")).stream()
              .filter(c -> !allowed.contains(c))
              .toList();
      if (!bad.isEmpty()) {
        names.add(Json.text(container, "name"));
        capabilities.addAll(bad);
      }
    }
    return names.isEmpty()
        ? ""
        : named(names)
            + " must not include "
            + quoted(capabilities.stream().distinct().sorted().toList())
            + " in securityContext.capabilities.add";
  }

  /** A field that the pod sets for its containers, and each container for itself. */
  private void inherited(
      String reason, Function<JsonNode, Optional<Boolean>> good, String never, String demand) {
    Optional<Boolean> pod = good.apply(context(spec));
    List<String> setters = new ArrayList<>();
    if (pod.isPresent() && !pod.get()) {
      setters.add("pod");
    }
    List<String> explicit = where(c -> !good.apply(c).orElse(true));
    if (!explicit.isEmpty()) {
      setters.add(named(explicit));
    }
    if (!setters.isEmpty()) {
      add(reason, String.join(" and ", setters) + " must not set " + never);
      return;
    }
    List<String> silent = pod.isPresent() ? List.of() : where(c -> good.apply(c).isEmpty());
    if (!silent.isEmpty() && !demand.isEmpty()) {
      add(reason, "pod or " + named(silent) + " must set " + demand);
    }
  }

  private void seccomp(boolean demanded) {
    inherited(
        "seccompProfile",
        c -> {
          String type = Json.text(c, "seccompProfile", "type");
          return type.isEmpty() ? Optional.empty() : Optional.of(!type.equals("Unconfined"));
        },
        "securityContext.seccompProfile.type to \"Unconfined\"",
        demanded
            ? "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""
            : "");
  }

  // ---- restricted only

  private void capabilities() {
    List<String> undropped =
        where(c -> !Json.texts(c.path("capabilities").get("drop")).contains("ALL"));
    String detail =
        undropped.isEmpty()
            ? ""
            : named(undropped) + " must set securityContext.capabilities.drop=[\"ALL\"]";
    String added = added(Set.of("NET_BIND_SERVICE"));
    add(
        "unrestricted capabilities",
        detail + (detail.isEmpty() || added.isEmpty() ? "" : "; ") + added);
  }

  private void volumeTypes() {
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (ObjectNode volume : Json.objects(spec.get("volumes"))) {
      volume.properties().stream()
          .map(java.util.Map.Entry::getKey)
          .filter(key -> !key.equals("name") && !VOLUMES.contains(key))
          .findFirst()
          .ifPresent(
              type -> {
                names.add(Json.text(volume, "name"));
                types.add(type);
              });
    }
    if (!names.isEmpty()) {
      List<String> distinct = types.stream().distinct().sorted().toList();
      add(
          "restricted volume types",
          (names.size() == 1 ? "volume " : "volumes ")
              + quoted(names)
              + (names.size() == 1 ? " uses " : " use ")
              + (distinct.size() == 1 ? "restricted volume type " : "restricted volume types ")
              + quoted(distinct));
    }
  }

  private void nonRoot() {
    inherited(
        "runAsNonRoot != true",
        c ->
            c.path("runAsNonRoot").isBoolean()
                ? Optional.of(c.path("runAsNonRoot").asBoolean())
                : Optional.empty(),
        "securityContext.runAsNonRoot=false",
        "securityContext.runAsNonRoot=true");
  }

  private void rootUser() {
    inherited(
        "runAsUser=0",
        c ->
            c.path("runAsUser").isIntegralNumber()
                ? Optional.of(c.path("runAsUser").asLong() != 0)
                : Optional.empty(),
        "runAsUser=0",
        "");
  }
}
