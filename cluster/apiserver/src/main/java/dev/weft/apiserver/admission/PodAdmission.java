package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.Defaulting;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * Gives pods their service account and its token (kubernetes plugin/pkg/admission/serviceaccount).
 */
final class PodAdmission {
  private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME = "kube-api-access-";
  private static final TypeKey PRIORITIES = new TypeKey("scheduling.k8s.io", "priorityclasses");
  private static final TypeKey ACCOUNTS = new TypeKey("", "serviceaccounts");
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final Store store;
  private final SecureRandom random = new SecureRandom();

  PodAdmission(Store store) {
    this.store = store;
  }

  void admit(ResourceType type, ObjectNode pod) {
    ObjectNode spec = Json.child(pod, "spec");
    Defaulting.text(spec, "serviceAccountName", "default");
    String account = Json.text(spec, "serviceAccountName");
    spec.put("serviceAccount", account);
    prioritize(type, pod, spec);
    tolerate(spec, "node.kubernetes.io/not-ready");
    tolerate(spec, "node.kubernetes.io/unreachable");
    String namespace = Json.text(pod, "metadata", "namespace");
    Optional<StoredObject> found = store.head(ACCOUNTS, new ObjectKey(namespace, account));
    if (found.isEmpty()) {
      throw Errors.forbidden(
          type,
          Json.text(pod, "metadata", "name"),
          "error looking up service account "
              + namespace
              + "/"
              + account
              + ": serviceaccount \""
              + account
              + "\" not found");
    }
    JsonNode serviceAccount = found.get().object();
    if (Json.objects(spec.get("imagePullSecrets")).isEmpty()
        && !serviceAccount.path("imagePullSecrets").isEmpty()) {
      spec.set("imagePullSecrets", serviceAccount.get("imagePullSecrets").deepCopy());
    }
    JsonNode own = spec.path("automountServiceAccountToken");
    boolean mount =
        own.isBoolean()
            ? own.asBoolean()
            : serviceAccount.path("automountServiceAccountToken").asBoolean(true);
    if (mount) {
      mountToken(spec);
    }
  }

  /** From the class by name, or the one that is for everybody (plugin/pkg/admission/priority). */
  private void prioritize(ResourceType type, ObjectNode pod, ObjectNode spec) {
    String name = Json.text(spec, "priorityClassName");
    Optional<StoredObject> found =
        name.isEmpty()
            ? store.list(PRIORITIES, "").objects().stream()
                .filter(c -> c.object().path("globalDefault").asBoolean())
                .findFirst()
            : store.head(PRIORITIES, new ObjectKey("", name));
    if (found.isEmpty() && !name.isEmpty()) {
      throw Errors.forbidden(
          type,
          Json.text(pod, "metadata", "name"),
          "no PriorityClass with name " + name + " was found");
    }
    if (found.isPresent()) {
      JsonNode priority = found.get().object();
      spec.put("priorityClassName", found.get().key().name());
      spec.put("priority", priority.path("value").asInt());
      Defaulting.text(spec, "preemptionPolicy", Json.text(priority, "preemptionPolicy"));
      return;
    }
    Defaulting.number(spec, "priority", 0);
    Defaulting.text(spec, "preemptionPolicy", "PreemptLowerPriority");
  }

  private static void tolerate(ObjectNode spec, String key) {
    ArrayNode tolerations =
        spec.get("tolerations") instanceof ArrayNode present
            ? present
            : spec.putArray("tolerations");
    boolean tolerated =
        tolerations
            .valueStream()
            .anyMatch(t -> Json.text(t, "key").equals(key) || Json.text(t, "key").isEmpty());
    if (!tolerated) {
      tolerations
          .addObject()
          .put("key", key)
          .put("operator", "Exists")
          .put("effect", "NoExecute")
          .put("tolerationSeconds", 300);
    }
  }

  private void mountToken(ObjectNode spec) {
    String volume =
        Json.objects(spec.get("volumes")).stream()
            .map(v -> Json.text(v, "name"))
            .filter(name -> name.startsWith(VOLUME))
            .findFirst()
            .orElse("");
    for (String list : List.of("initContainers", "containers")) {
      for (ObjectNode container : Json.objects(spec.get(list))) {
        boolean mounted =
            Json.objects(container.get("volumeMounts")).stream()
                .anyMatch(m -> Json.text(m, "mountPath").equals(TOKEN_PATH));
        if (mounted) {
          continue;
        }
        if (volume.isEmpty()) {
          volume = addVolume(spec);
        }
        ArrayNode mounts =
            container.get("volumeMounts") instanceof ArrayNode present
                ? present
                : container.putArray("volumeMounts");
        mounts.addObject().put("name", volume).put("readOnly", true).put("mountPath", TOKEN_PATH);
      }
    }
  }

  private String addVolume(ObjectNode spec) {
    StringBuilder name = new StringBuilder(VOLUME);
    for (int i = 0; i < 5; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    ArrayNode volumes =
        spec.get("volumes") instanceof ArrayNode present ? present : spec.putArray("volumes");
    ObjectNode projected = volumes.addObject().put("name", name.toString()).putObject("projected");
    projected.put("defaultMode", 420);
    ArrayNode sources = projected.putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", 3607)
        .put("path", "token");
    ObjectNode certificate =
        sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
    certificate.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode namespace =
        sources.addObject().putObject("downwardAPI").putArray("items").addObject();
    namespace.put("path", "namespace");
    namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
    return name.toString();
  }
}
