package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of jobs, scaling, storage and ingress (printers.go, as {@link Columns}). */
final class PolicyColumns {
  private PolicyColumns() {}

  /** A type that nobody has more to say about has its age. */
  static List<Column> of(String type, Column age, Instant now) {
    return switch (type) {
      case "jobs.batch" ->
          WorkloadColumns.with(
              List.of(
                  Column.text("Status", PolicyColumns::jobStatus),
                  Column.text("Completions", PolicyColumns::completions),
                  Column.text("Duration", o -> duration(o, now)),
                  age),
              o -> o.path("spec"));
      case "cronjobs.batch" ->
          WorkloadColumns.with(
              List.of(
                  Column.text("Schedule", o -> Json.text(o, "spec", "schedule")),
                  Column.text("Timezone", Columns.text("spec", "timeZone")),
                  Column.text("Suspend", o -> flag(o.path("spec").path("suspend").asBoolean())),
                  Column.number("Active", o -> o.path("status").path("active").size()),
                  Column.text("Last Schedule", o -> since(o, now)),
                  age),
              o -> Json.at(o, "spec", "jobTemplate", "spec"));
      case "horizontalpodautoscalers.autoscaling" ->
          List.of(
              Column.text(
                  "Reference",
                  o ->
                      Json.text(o, "spec", "scaleTargetRef", "kind")
                          + "/"
                          + Json.text(o, "spec", "scaleTargetRef", "name")),
              Column.text("Targets", PolicyColumns::targets),
              Column.text("MinPods", Columns.text("spec", "minReplicas")),
              Column.number("MaxPods", Columns.count("spec", "maxReplicas")),
              Column.number("Replicas", Columns.count("status", "currentReplicas")),
              age);
      case "priorityclasses.scheduling.k8s.io" ->
          List.of(
              Column.number("Value", Columns.count("value")),
              Column.text(
                  "Global-Default",
                  o ->
                      flag(o.path("globalDefault").asBoolean()).toLowerCase(java.util.Locale.ROOT)),
              age,
              Column.text("PreemptionPolicy", Columns.text("preemptionPolicy")));
      case "persistentvolumeclaims" ->
          List.of(
              Column.text("Status", o -> Json.text(o, "status", "phase")),
              Column.text("Volume", o -> Json.text(o, "spec", "volumeName")),
              Column.text("Capacity", o -> Json.text(o, "status", "capacity", "storage")),
              Column.text("Access Modes", o -> modes(o.path("status"))),
              Column.text("StorageClass", o -> Json.text(o, "spec", "storageClassName")),
              age,
              Column.wide("VolumeMode", Columns.text("spec", "volumeMode")));
      case "persistentvolumes" ->
          List.of(
              Column.text("Capacity", o -> Json.text(o, "spec", "capacity", "storage")),
              Column.text("Access Modes", o -> modes(o.path("spec"))),
              Column.text(
                  "Reclaim Policy", o -> Json.text(o, "spec", "persistentVolumeReclaimPolicy")),
              Column.text("Status", o -> Json.text(o, "status", "phase")),
              Column.text("Claim", PolicyColumns::claim),
              Column.text("StorageClass", o -> Json.text(o, "spec", "storageClassName")),
              age);
      case "storageclasses.storage.k8s.io" ->
          List.of(
              Column.text("Provisioner", o -> Json.text(o, "provisioner")),
              Column.text("ReclaimPolicy", o -> Json.text(o, "reclaimPolicy")),
              Column.text("VolumeBindingMode", o -> Json.text(o, "volumeBindingMode")),
              Column.text(
                  "AllowVolumeExpansion",
                  o -> Boolean.toString(o.path("allowVolumeExpansion").asBoolean())),
              age);
      case "ingresses.networking.k8s.io" ->
          List.of(
              Column.text("Class", Columns.text("spec", "ingressClassName")),
              Column.text("Hosts", PolicyColumns::hosts),
              Column.text("Address", PolicyColumns::addresses),
              Column.text("Ports", o -> o.path("spec").path("tls").isEmpty() ? "80" : "80, 443"),
              age);
      case "networkpolicies.networking.k8s.io" ->
          List.of(
              Column.text(
                  "Pod-Selector",
                  o -> Columns.labels(Json.at(o, "spec", "podSelector", "matchLabels"))),
              age);
      case "ingressclasses.networking.k8s.io" ->
          List.of(
              Column.text("Controller", o -> Json.text(o, "spec", "controller")),
              Column.text("Parameters", Columns.text("spec", "parameters", "name")),
              age);
      default -> List.of(age);
    };
  }

  private static String flag(boolean value) {
    return value ? "True" : "False";
  }

  private static boolean is(JsonNode job, String condition) {
    return Json.objects(job.path("status").get("conditions")).stream()
        .anyMatch(
            c -> Json.text(c, "type").equals(condition) && Json.text(c, "status").equals("True"));
  }

  private static Object jobStatus(JsonNode job) {
    for (String condition : List.of("Complete", "Failed")) {
      if (is(job, condition)) {
        return condition;
      }
    }
    if (Json.has(job, "metadata", "deletionTimestamp")) {
      return "Terminating";
    }
    for (String condition : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
      if (is(job, condition)) {
        return condition;
      }
    }
    return "Running";
  }

  private static Object completions(JsonNode job) {
    int succeeded = job.path("status").path("succeeded").asInt();
    if (Json.has(job, "spec", "completions")) {
      return succeeded + "/" + Json.text(job, "spec", "completions");
    }
    int parallelism = job.path("spec").path("parallelism").asInt();
    return succeeded + (parallelism > 1 ? "/1 of " + parallelism : "/1");
  }

  private static Object duration(JsonNode job, Instant now) {
    String start = Json.text(job, "status", "startTime");
    String end = Json.text(job, "status", "completionTime");
    if (start.isEmpty()) {
      return "";
    }
    return Ages.human(
        Duration.between(Instant.parse(start), end.isEmpty() ? now : Instant.parse(end)));
  }

  private static Object since(JsonNode cronJob, Instant now) {
    String last = Json.text(cronJob, "status", "lastScheduleTime");
    return last.isEmpty() ? Columns.NONE : Ages.since(last, now);
  }

  /**
   * What each metric is and should be; only utilization and averages of resources are told apart.
   */
  private static Object targets(JsonNode autoscaler) {
    List<ObjectNode> metrics = Json.objects(autoscaler.path("spec").get("metrics"));
    List<ObjectNode> current = Json.objects(autoscaler.path("status").get("currentMetrics"));
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < metrics.size(); i++) {
      JsonNode metric = metrics.get(i);
      String kind = Json.text(metric, "type");
      String field =
          kind.isEmpty() ? "" : Character.toLowerCase(kind.charAt(0)) + kind.substring(1);
      JsonNode target = metric.path(field).path("target");
      JsonNode now =
          i < current.size() ? current.get(i).path(field).path("current") : Json.object();
      boolean percent = Json.has(target, "averageUtilization");
      String value =
          percent
              ? "averageUtilization"
              : Json.has(target, "averageValue") ? "averageValue" : "value";
      String unit = percent ? "%" : "";
      String name = Json.text(metric, field, "name");
      shown.add(
          (kind.equals("Resource") ? name + ": " : "")
              + (Json.has(now, value) ? Json.text(now, value) + unit : "<unknown>")
              + "/"
              + Json.text(target, value)
              + unit
              + (value.equals("averageValue") && !kind.equals("Resource") ? " (avg)" : ""));
    }
    return shown.isEmpty() ? Columns.NONE : String.join(", ", shown);
  }

  private static String modes(JsonNode holder) {
    return Json.texts(holder.get("accessModes")).stream()
        .map(
            mode ->
                switch (mode) {
                  case "ReadWriteOnce" -> "RWO";
                  case "ReadOnlyMany" -> "ROX";
                  case "ReadWriteMany" -> "RWX";
                  default -> "RWOP";
                })
        .collect(Collectors.joining(","));
  }

  private static Object claim(JsonNode volume) {
    String name = Json.text(volume, "spec", "claimRef", "name");
    return name.isEmpty() ? "" : Json.text(volume, "spec", "claimRef", "namespace") + "/" + name;
  }

  private static Object hosts(JsonNode ingress) {
    List<String> hosts =
        Json.objects(ingress.path("spec").get("rules")).stream()
            .map(rule -> Json.text(rule, "host"))
            .filter(host -> !host.isEmpty())
            .toList();
    return hosts.isEmpty() ? "*" : String.join(",", hosts);
  }

  private static Object addresses(JsonNode ingress) {
    return Json.objects(Json.at(ingress, "status", "loadBalancer").get("ingress")).stream()
        .map(a -> Json.text(a, "ip").isEmpty() ? Json.text(a, "hostname") : Json.text(a, "ip"))
        .collect(Collectors.joining(","));
  }
}
