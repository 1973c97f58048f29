package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The workload that a pod belongs to. Istio: pkg/kube/controllers, GetDeployMetaFromPod.
 *
 * @param apiVersion for example {@code apps/v1}
 * @param kind for example {@code Deployment}
 * @param name without the hashes that controllers add
 */
record WorkloadOwner(String apiVersion, String kind, String name) {
  // A CronJob names its Jobs after the minute in which they are due.
  private static final Pattern CRON_JOB = Pattern.compile("(.+)-\\d{8,10}");

  static WorkloadOwner of(JsonNode pod) {
    JsonNode meta = pod.path("metadata");
    for (JsonNode owner : meta.path("ownerReferences")) {
      if (owner.path("controller").asBoolean(false)) {
        return of(
            owner.path("apiVersion").asText("v1"),
            owner.path("kind").asText(),
            owner.path("name").asText(),
            meta.path("labels").path("pod-template-hash").asText(""));
      }
    }
    String name = meta.path("name").asText("");
    if (name.isEmpty()) {
      name = meta.path("generateName").asText("").replaceAll("-+$", "");
    }
    return new WorkloadOwner("v1", "Pod", name);
  }

  private static WorkloadOwner of(String apiVersion, String kind, String name, String hash) {
    if (kind.equals("ReplicaSet") && !hash.isEmpty() && name.endsWith("-" + hash)) {
      return new WorkloadOwner(
          "apps/v1", "Deployment", name.substring(0, name.length() - hash.length() - 1));
    }
    if (kind.equals("Job")) {
      Matcher cron = CRON_JOB.matcher(name);
      if (cron.matches()) {
        return new WorkloadOwner("batch/v1", "CronJob", cron.group(1));
      }
    }
    return new WorkloadOwner(apiVersion, kind, name);
  }

  /** The value of {@code ISTIO_META_OWNER}. */
  String uri(String namespace) {
    return "kubernetes://apis/"
        + apiVersion
        + "/namespaces/"
        + namespace
        + "/"
        + kind.toLowerCase(Locale.ROOT)
        + "s/"
        + name;
  }
}
