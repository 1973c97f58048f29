package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks pods and pod templates (kubernetes pkg/apis/core/validation). */
public final class PodValidation {
  private static final List<String> RESTART = List.of("Always", "Never", "OnFailure");
  private static final List<String> PULL = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

  private PodValidation() {}

  public static void pod(JsonNode spec, List<FieldError> errors) {
    spec("spec", spec, errors);
  }

  public static void spec(String path, JsonNode spec, List<FieldError> errors) {
    List<ObjectNode> containers = Json.objects(spec.get("containers"));
    if (containers.isEmpty()) {
      errors.add(FieldError.required(path + ".containers", ""));
    }
    Set<String> volumes = volumes(path + ".volumes", spec.get("volumes"), errors);
    Set<String> names = new HashSet<>();
    containers(
        path + ".initContainers", Json.objects(spec.get("initContainers")), volumes, names, errors);
    containers(path + ".containers", containers, volumes, names, errors);
    oneOf(path + ".restartPolicy", Json.text(spec, "restartPolicy"), RESTART, errors);
    if (spec.path("terminationGracePeriodSeconds").asLong() < 0) {
      errors.add(
          FieldError.invalid(
              path + ".terminationGracePeriodSeconds",
              spec.get("terminationGracePeriodSeconds"),
              "must be greater than or equal to 0"));
    }
    String account = Json.text(spec, "serviceAccountName");
    if (!account.isEmpty() && !Names.subdomain(account)) {
      errors.add(FieldError.invalid(path + ".serviceAccountName", account, Names.SUBDOMAIN_RULE));
    }
  }

  private static Set<String> volumes(String path, JsonNode list, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    int index = 0;
    for (ObjectNode volume : Json.objects(list)) {
      String at = path + "[" + index++ + "]";
      name(at + ".name", Json.text(volume, "name"), names, errors);
      if (volume.size() > 2) {
        errors.add(FieldError.forbidden(at, "may not specify more than 1 volume type"));
      }
    }
    return names;
  }

  private static void name(String path, String name, Set<String> taken, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!Names.label(name)) {
      errors.add(FieldError.invalid(path, name, Names.LABEL_RULE));
    } else if (!taken.add(name)) {
      errors.add(FieldError.duplicate(path, name));
    }
  }

  private static void containers(
      String path,
      List<ObjectNode> containers,
      Set<String> volumes,
      Set<String> names,
      List<FieldError> errors) {
    for (int i = 0; i < containers.size(); i++) {
      ObjectNode container = containers.get(i);
      String at = path + "[" + i + "]";
      name(at + ".name", Json.text(container, "name"), names, errors);
      String image = Json.text(container, "image");
      if (image.isEmpty()) {
        errors.add(FieldError.required(at + ".image", ""));
      } else if (!image.equals(image.strip())) {
        errors.add(
            FieldError.invalid(
                at + ".image", image, "must not have leading or trailing whitespace"));
      }
      oneOf(at + ".imagePullPolicy", Json.text(container, "imagePullPolicy"), PULL, errors);
      ports(at + ".ports", Json.objects(container.get("ports")), errors);
      int index = 0;
      for (ObjectNode env : Json.objects(container.get("env"))) {
        if (Json.text(env, "name").isEmpty()) {
          errors.add(FieldError.required(at + ".env[" + index + "].name", ""));
        }
        index++;
      }
      mounts(at + ".volumeMounts", Json.objects(container.get("volumeMounts")), volumes, errors);
    }
  }

  private static void ports(String path, List<ObjectNode> ports, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectNode port = ports.get(i);
      String at = path + "[" + i + "]";
      if (!Json.has(port, "containerPort")) {
        errors.add(FieldError.required(at + ".containerPort", ""));
      } else {
        number(at + ".containerPort", port.get("containerPort"), errors);
      }
      oneOf(at + ".protocol", Json.text(port, "protocol"), PROTOCOLS, errors);
      String name = Json.text(port, "name");
      if (!name.isEmpty()) {
        if (name.length() > 15) {
          errors.add(FieldError.invalid(at + ".name", name, "must be no more than 15 characters"));
        }
        if (!names.add(name)) {
          errors.add(FieldError.duplicate(at + ".name", name));
        }
      }
    }
  }

  public static void number(String path, JsonNode port, List<FieldError> errors) {
    if (port.asInt() < 1 || port.asInt() > 65535) {
      errors.add(FieldError.invalid(path, port, "must be between 1 and 65535, inclusive"));
    }
  }

  private static void mounts(
      String path, List<ObjectNode> mounts, Set<String> volumes, List<FieldError> errors) {
    Set<String> paths = new HashSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      ObjectNode mount = mounts.get(i);
      String at = path + "[" + i + "]";
      String name = Json.text(mount, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!volumes.contains(name)) {
        errors.add(
            new FieldError("FieldValueNotFound", at + ".name", "Not found: \"" + name + "\""));
      }
      String target = Json.text(mount, "mountPath");
      if (target.isEmpty()) {
        errors.add(FieldError.required(at + ".mountPath", ""));
      } else if (!paths.add(target)) {
        errors.add(FieldError.invalid(at + ".mountPath", target, "must be unique"));
      }
    }
  }

  static void oneOf(String path, String value, List<String> values, List<FieldError> errors) {
    if (!value.isEmpty() && !values.contains(value)) {
      errors.add(FieldError.unsupported(path, value, values));
    }
  }

  /** Of the spec only images, tolerations and two numbers may change once a pod exists. */
  public static void update(ObjectNode old, ObjectNode pod, List<FieldError> errors) {
    if (!Json.same(frozen(old), frozen(pod))) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "pod updates may not change fields other than `spec.containers[*].image`,"
                  + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                  + "`spec.tolerations` (only additions to existing tolerations),"
                  + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                  + " previously negative)"));
    }
  }

  private static ObjectNode frozen(ObjectNode pod) {
    ObjectNode spec = pod.path("spec") instanceof ObjectNode own ? own.deepCopy() : Json.object();
    spec.remove(
        List.of(
            "activeDeadlineSeconds",
            "tolerations",
            "terminationGracePeriodSeconds",
            // Binding a pod to a node is an update of it here.
            "nodeName",
            "schedulingGates",
            "ephemeralContainers"));
    List<ObjectNode> containers = new ArrayList<>(Json.objects(spec.get("containers")));
    containers.addAll(Json.objects(spec.get("initContainers")));
    containers.forEach(container -> container.remove("image"));
    return spec;
  }
}
