package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.kind.CustomTypes;
import dev.weft.apiserver.kind.JobRules;
import dev.weft.apiserver.kind.Metadata;
import dev.weft.apiserver.kind.PodDefaults;
import dev.weft.apiserver.kind.PodValidation;
import dev.weft.apiserver.kind.PolicyRules;
import dev.weft.apiserver.kind.SecretRules;
import dev.weft.apiserver.kind.ServiceAddresses;
import dev.weft.apiserver.kind.ServiceDefaults;
import dev.weft.apiserver.kind.ServiceValidation;
import dev.weft.apiserver.kind.WebhookDefaults;
import dev.weft.apiserver.kind.WebhookValidation;
import dev.weft.apiserver.kind.WorkloadDefaults;
import dev.weft.apiserver.kind.WorkloadValidation;
import dev.weft.apiserver.schema.CustomShape;
import dev.weft.apiserver.schema.KnownType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What single kinds do before they are stored: defaults, checks, allocation. */
public final class Kinds {
  /** The built-in types whose {@code metadata.generation} counts changes of the spec. */
  private static final Set<String> COUNTED =
      Set.of(
          "deployments",
          "replicasets",
          "daemonsets",
          "statefulsets",
          "jobs",
          "cronjobs",
          "priorityclasses",
          "poddisruptionbudgets",
          "customresourcedefinitions",
          "mutatingwebhookconfigurations",
          "validatingwebhookconfigurations",
          "networkpolicies",
          "ingresses");

  private static final Set<String> UNDELETABLE = Set.of("default", "kube-system", "kube-public");

  private final ServiceAddresses addresses;
  private final CustomTypes customTypes;

  public Kinds(ServiceAddresses addresses, CustomTypes customTypes) {
    this.addresses = addresses;
    this.customTypes = customTypes;
  }

  private static boolean isService(KnownType known) {
    return known.isCore("services");
  }

  static boolean isCrd(KnownType known) {
    return known.type().plural().equals("customresourcedefinitions")
        && known.type().group().equals("apiextensions.k8s.io");
  }

  private static boolean isJob(KnownType known) {
    return known.type().group().equals("batch");
  }

  /** Workload types of the apps group. */
  private static boolean isWorkload(KnownType known) {
    return known.type().group().equals("apps");
  }

  /** A status that a client sends with a new object counts for nodes only. */
  void prepareForCreate(KnownType known, ObjectNode object) {
    ObjectNode meta = Json.meta(object);
    if (known.shape() instanceof CustomShape || COUNTED.contains(known.type().plural())) {
      meta.put("generation", 1);
    }
    if (known.status() && !known.isCore("nodes")) {
      object.remove("status");
    }
    if (known.isNamespace()) {
      ObjectNode spec = Json.child(object, "spec");
      if (!Json.texts(spec.get("finalizers")).contains("kubernetes")) {
        ArrayNode finalizers =
            spec.get("finalizers") instanceof ArrayNode own ? own : spec.putArray("finalizers");
        finalizers.add("kubernetes");
      }
      object.putObject("status").put("phase", "Active");
      Json.child(meta, "labels").put("kubernetes.io/metadata.name", Json.text(meta, "name"));
    } else if (known.isPod()) {
      ObjectNode status = object.putObject("status");
      status.put("phase", "Pending");
      status.put("qosClass", PodDefaults.qosClass(object.path("spec")));
    } else if (isService(known)) {
      object.putObject("status").putObject("loadBalancer");
    } else if (isWorkload(known) || isJob(known)) {
      object.putObject("status");
      if (known.type().plural().equals("jobs")) {
        JobRules.select(object);
      }
    } else if (known.isCore("persistentvolumeclaims") || known.isCore("persistentvolumes")) {
      object.putObject("status").put("phase", "Pending");
    }
  }

  public void defaults(KnownType known, ObjectNode object) {
    if (known.isPod()) {
      PodDefaults.pod(Json.child(object, "spec"));
    } else if (isService(known)) {
      ServiceDefaults.service(Json.child(object, "spec"));
    } else if (isWorkload(known)) {
      WorkloadDefaults.workload(known.type().plural(), object);
    } else if (isJob(known)) {
      JobRules.defaults(known.type().plural(), object);
    } else if (isCrd(known)) {
      customTypes.defaults(object);
    } else if (known.isCore("secrets")) {
      SecretRules.defaults(object);
    } else if (known.type().group().equals("admissionregistration.k8s.io")) {
      WebhookDefaults.configuration(object);
    } else if (known.shape() instanceof CustomShape custom) {
      custom.defaults(object);
    } else {
      PolicyRules.defaults(known.type().plural(), object);
    }
  }

  public void validate(KnownType known, ObjectNode object, Optional<ObjectNode> old) {
    ResourceType type = known.type();
    Metadata.validate(type, object);
    List<FieldError> errors = new ArrayList<>();
    if (known.isPod()) {
      PodValidation.pod(object.path("spec"), errors);
      old.ifPresent(before -> PodValidation.update(before, object, errors));
    } else if (isService(known)) {
      ServiceValidation.service(object, old, addresses, errors);
    } else if (isWorkload(known)) {
      WorkloadValidation.workload(known.type().plural(), object, old, errors);
    } else if (isJob(known)) {
      JobRules.validate(type.plural(), object, old, errors);
    } else if (isCrd(known)) {
      customTypes.validate(object, errors);
    } else if (type.group().equals("admissionregistration.k8s.io")) {
      WebhookValidation.configuration(object, errors);
    } else if (known.isCore("configmaps") || known.isCore("secrets")) {
      SecretRules.validate(type, object, old, errors);
    } else if (type.plural().endsWith("rolebindings")) {
      SecretRules.roleBinding(object, old, errors);
    } else if (known.shape() instanceof CustomShape custom) {
      custom.validate(object, errors);
    } else {
      PolicyRules.validate(type.plural(), object, old, errors);
    }
    if (!errors.isEmpty()) {
      throw Errors.invalid(type, Json.text(object, "metadata", "name"), errors);
    }
  }

  /** Fills in what has to be unique; throws where the wanted value is taken. */
  public void allocate(KnownType known, ObjectNode object, Optional<ObjectNode> old) {
    if (isService(known)) {
      addresses.allocate(object, old);
    }
  }

  public void release(KnownType known, ObjectNode object) {
    if (isService(known)) {
      addresses.release(object);
    }
  }

  /** Seconds that a deleted object stays for somebody to end it. */
  int gracePeriod(KnownType known, ObjectNode object, int asked) {
    if (!known.isPod()) {
      return 0;
    }
    JsonNode spec = object.path("spec");
    String phase = Json.text(object, "status", "phase");
    if (Json.text(spec, "nodeName").isEmpty()
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return 0;
    }
    return asked >= 0 ? asked : spec.path("terminationGracePeriodSeconds").asInt(30);
  }

  boolean keptBySpec(KnownType known, ObjectNode object) {
    return known.isNamespace() && !object.path("spec").path("finalizers").isEmpty();
  }

  void markTerminating(KnownType known, ObjectNode object) {
    if (known.isNamespace()) {
      String name = Json.text(object, "metadata", "name");
      if (UNDELETABLE.contains(name)) {
        throw Errors.forbidden(known.type(), name, "this namespace may not be deleted");
      }
      Json.child(object, "status").put("phase", "Terminating");
    }
  }
}
