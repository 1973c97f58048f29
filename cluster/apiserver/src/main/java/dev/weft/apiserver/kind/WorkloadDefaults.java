package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;

/** What the types of the apps group get (kubernetes pkg/apis/apps/v1/defaults.go). */
public final class WorkloadDefaults {
  private WorkloadDefaults() {}

  public static void workload(String plural, ObjectNode object) {
    ObjectNode spec = Json.child(object, "spec");
    switch (plural) {
      case "deployments" -> {
        Defaulting.number(spec, "replicas", 1);
        Defaulting.number(spec, "revisionHistoryLimit", 10);
        Defaulting.number(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Defaulting.child(spec, "strategy");
        Defaulting.text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
          ObjectNode rolling = Defaulting.child(strategy, "rollingUpdate");
          Defaulting.text(rolling, "maxUnavailable", "25%");
          Defaulting.text(rolling, "maxSurge", "25%");
        }
      }
      case "replicasets" -> Defaulting.number(spec, "replicas", 1);
      case "daemonsets" -> {
        Defaulting.number(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = Defaulting.child(spec, "updateStrategy");
        Defaulting.text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
          ObjectNode rolling = Defaulting.child(strategy, "rollingUpdate");
          Defaulting.number(rolling, "maxUnavailable", 1);
          Defaulting.number(rolling, "maxSurge", 0);
        }
      }
      case "statefulsets" -> {
        Defaulting.number(spec, "replicas", 1);
        Defaulting.number(spec, "revisionHistoryLimit", 10);
        Defaulting.text(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode retention = Defaulting.child(spec, "persistentVolumeClaimRetentionPolicy");
        Defaulting.text(retention, "whenDeleted", "Retain");
        Defaulting.text(retention, "whenScaled", "Retain");
        for (ObjectNode claim : Json.objects(spec.get("volumeClaimTemplates"))) {
          Defaulting.text(claim, "apiVersion", "v1");
          Defaulting.text(claim, "kind", "PersistentVolumeClaim");
          Defaulting.text(Json.child(claim, "spec"), "volumeMode", "Filesystem");
        }
        ObjectNode strategy = Defaulting.child(spec, "updateStrategy");
        Defaulting.text(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
          Defaulting.number(Defaulting.child(strategy, "rollingUpdate"), "partition", 0);
        }
      }
      default -> {
        return;
      }
    }
    PodDefaults.pod(Json.child(Json.child(spec, "template"), "spec"));
  }
}
