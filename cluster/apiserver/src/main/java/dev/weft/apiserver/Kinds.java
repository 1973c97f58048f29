package dev.weft.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What single kinds do beyond storing: defaults, checks, allocation, effects. */
final class Kinds {
  /** The built-in types whose {@code metadata.generation} counts changes of the spec. */
  private static final Set<String> COUNTED =
      Set.of(
          "deployments",
          "replicasets",
          "daemonsets",
          "statefulsets",
          "poddisruptionbudgets",
          "customresourcedefinitions",
          "mutatingwebhookconfigurations",
          "validatingwebhookconfigurations",
          "networkpolicies",
          "ingresses");

  private static final Set<String> UNDELETABLE = Set.of("default", "kube-system", "kube-public");

  private final ServiceAddresses addresses;
  private final CustomTypes customTypes;
  private final TokenSecrets tokenSecrets;
  private final EventExpiry events = new EventExpiry();
  private final String caCertificatePem;

  Kinds(
      ServiceAddresses addresses, CustomTypes customTypes, Tokens tokens, String caCertificatePem) {
    this.addresses = addresses;
    this.customTypes = customTypes;
    this.tokenSecrets = new TokenSecrets(tokens, caCertificatePem);
    this.caCertificatePem = caCertificatePem;
  }

  private static boolean core(KnownType known, String plural) {
    return known.type().group().isEmpty() && known.type().plural().equals(plural);
  }

  static boolean isNamespace(KnownType known) {
    return core(known, "namespaces");
  }

  static boolean isPod(KnownType known) {
    return core(known, "pods");
  }

  private static boolean isService(KnownType known) {
    return core(known, "services");
  }

  private static boolean isCrd(KnownType known) {
    return known.type().plural().equals("customresourcedefinitions")
        && known.type().group().equals("apiextensions.k8s.io");
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
    if (known.status() && !core(known, "nodes")) {
      object.remove("status");
    }
    if (isNamespace(known)) {
      ObjectNode spec = Json.child(object, "spec");
      if (!Json.texts(spec.get("finalizers")).contains("kubernetes")) {
        ArrayNode finalizers =
            spec.get("finalizers") instanceof ArrayNode own ? own : spec.putArray("finalizers");
        finalizers.add("kubernetes");
      }
      object.putObject("status").put("phase", "Active");
      Json.child(meta, "labels").put("kubernetes.io/metadata.name", Json.text(meta, "name"));
    } else if (isPod(known)) {
      ObjectNode status = object.putObject("status");
      status.put("phase", "Pending");
      status.put("qosClass", PodDefaults.qosClass(object.path("spec")));
    } else if (isService(known)) {
      object.putObject("status").putObject("loadBalancer");
    } else if (isWorkload(known)) {
      object.putObject("status");
    }
  }

  void defaults(KnownType known, ObjectNode object) {
    if (isPod(known)) {
      PodDefaults.pod(Json.child(object, "spec"));
    } else if (isService(known)) {
      ServiceDefaults.service(Json.child(object, "spec"));
    } else if (isWorkload(known)) {
      WorkloadDefaults.workload(known.type().plural(), object);
    } else if (isCrd(known)) {
      customTypes.defaults(object);
    } else if (core(known, "secrets")) {
      SecretRules.defaults(object);
    } else if (known.type().group().equals("admissionregistration.k8s.io")) {
      WebhookDefaults.configuration(object);
    } else if (known.shape() instanceof CustomShape custom) {
      custom.defaults(object);
    }
  }

  void validate(KnownType known, ObjectNode object, Optional<ObjectNode> old) {
    ResourceType type = known.type();
    Metadata.validate(type, object);
    List<FieldError> errors = new ArrayList<>();
    if (isPod(known)) {
      PodValidation.pod(object.path("spec"), errors);
      old.ifPresent(before -> PodValidation.update(before, object, errors));
    } else if (isService(known)) {
      ServiceValidation.service(object, old, addresses, errors);
    } else if (isWorkload(known)) {
      WorkloadValidation.workload(known.type().plural(), object, old, errors);
    } else if (isCrd(known)) {
      customTypes.validate(object, errors);
    } else if (core(known, "configmaps") || core(known, "secrets")) {
      SecretRules.validate(type, object, old, errors);
    } else if (type.plural().endsWith("rolebindings")) {
      SecretRules.roleBinding(object, old, errors);
    } else if (known.shape() instanceof CustomShape custom) {
      custom.validate(object, errors);
    }
    if (!errors.isEmpty()) {
      throw Errors.invalid(type, Json.text(object, "metadata", "name"), errors);
    }
  }

  /** Fills in what has to be unique; throws where the wanted value is taken. */
  void allocate(KnownType known, ObjectNode object, Optional<ObjectNode> old) {
    if (isService(known)) {
      addresses.allocate(object, old);
    }
  }

  void release(KnownType known, ObjectNode object) {
    if (isService(known)) {
      addresses.release(object);
    }
  }

  /** Effects of a write; the object as it is after them. */
  ObjectNode afterWrite(KnownType known, ObjectNode object, Objects objects) {
    if (isCrd(known)) {
      customTypes.serve(object, objects.registry());
      if (!CustomTypes.established(object)) {
        objects.update(
            known,
            "",
            Json.text(object, "metadata", "name"),
            Objects.Part.STATUS,
            CustomTypes::establish,
            Call.inProcess());
      }
    } else if (isNamespace(known)) {
      furnish(object, objects);
    } else if (core(known, "events")) {
      events.written(objects);
    } else if (core(known, "secrets")) {
      return tokenSecrets.written(known, object, objects);
    }
    return object;
  }

  void afterRemoval(KnownType known, ObjectNode object, Objects objects) {
    if (isCrd(known)) {
      TypeKey key =
          new TypeKey(
              Json.text(object, "spec", "group"), Json.text(object, "spec", "names", "plural"));
      objects.registry().replace(key, List.of());
      objects.purge(key);
    } else {
      release(known, object);
    }
  }

  /**
   * The default service account and the root certificate: a pod that follows its namespace in one
   * file must find them.
   */
  private void furnish(ObjectNode namespace, Objects objects) {
    if (!Json.text(namespace, "status", "phase").equals("Active")) {
      return;
    }
    String name = Json.text(namespace, "metadata", "name");
    ObjectNode account = Json.object();
    account.putObject("metadata").put("name", "default");
    createMissing(ResourceType.core("serviceaccounts", "ServiceAccount"), name, account, objects);
    ObjectNode certificate = Json.object();
    certificate.putObject("metadata").put("name", "kube-root-ca.crt");
    certificate.putObject("data").put("ca.crt", caCertificatePem);
    createMissing(ResourceType.core("configmaps", "ConfigMap"), name, certificate, objects);
  }

  static void createMissing(
      ResourceType type, String namespace, ObjectNode object, Objects objects) {
    KnownType known = objects.registry().require(type);
    if (objects.get(known, namespace, Json.text(object, "metadata", "name")).isPresent()) {
      return;
    }
    try {
      objects.create(known, namespace, object, Call.inProcess());
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists") && !e.reason().equals("Forbidden")) {
        throw e;
      }
    }
  }

  /** Seconds that a deleted object stays for somebody to end it. */
  int gracePeriod(KnownType known, ObjectNode object, int asked) {
    if (!isPod(known)) {
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
    return isNamespace(known) && !object.path("spec").path("finalizers").isEmpty();
  }

  void markTerminating(KnownType known, ObjectNode object) {
    if (isNamespace(known)) {
      String name = Json.text(object, "metadata", "name");
      if (UNDELETABLE.contains(name)) {
        throw Errors.forbidden(known.type(), name, "this namespace may not be deleted");
      }
      Json.child(object, "status").put("phase", "Terminating");
    }
  }
}
