package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.JsonPath;
import dev.weft.apiserver.object.Deletion;
import dev.weft.apiserver.object.Objects;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.stream.FlushedStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Scale, token, eviction, log. Streams to pods are upgrades and come in elsewhere. */
public final class SubResources {
  private static final long SHORTEST_TOKEN_SECONDS = 600;
  private static final long LONGEST_TOKEN_SECONDS = 1L << 32;
  private static final Set<String> PULL_FAILURES = Set.of("ErrImagePull", "ImagePullBackOff");

  private final Objects objects;
  private final Bodies bodies;
  private final Tokens tokens;
  private final PodBackend pods;
  private final Patches patches = new Patches();

  public SubResources(Objects objects, Bodies bodies, Tokens tokens, PodBackend pods) {
    this.objects = objects;
    this.bodies = bodies;
    this.tokens = tokens;
    this.pods = pods;
  }

  public Answer answer(Request request, Target target, Identity who) {
    String type = target.known().key().text();
    if (target.part().equals("scale") && target.known().scale().isPresent()) {
      return scale(request, target, target.known().scale().get(), who);
    }
    return switch (type + "/" + target.part()) {
      case "serviceaccounts/token" -> token(request, target);
      case "pods/log" -> log(request, target);
      case "pods/eviction" -> evict(request, target, who);
      case "pods/attach", "pods/exec", "pods/portforward" ->
          throw Errors.badRequest("Upgrade request required");
      default -> throw Errors.noSuchResource();
    };
  }

  private static ObjectNode present(Objects objects, Target target) {
    return objects
        .get(target.known(), target.namespace(), target.name())
        .orElseThrow(() -> Errors.notFound(target.known().type(), target.name()));
  }

  // ---- scale

  private Answer scale(Request request, Target target, KnownType.ScalePaths paths, Identity who) {
    switch (request.method()) {
      case "GET" -> {
        return Answer.json(200, scaleOf(present(objects, target), paths));
      }
      case "PUT", "PATCH" -> {}
      default -> throw Errors.methodNotAllowed();
    }
    Call call = Bodies.call(request, who).through("scale");
    Patches.Patch change;
    if (request.method().equals("PUT")) {
      ObjectNode wanted = bodies.object(request).object();
      change = ignored -> wanted;
    } else {
      change = patches.read(request, target.known());
    }
    ObjectNode updated =
        objects.update(
            target.known(),
            target.namespace(),
            target.name(),
            Objects.Part.MAIN,
            object -> scaled(object, change.apply(scaleOf(object, paths)), paths, target),
            call);
    return Answer.json(200, scaleOf(updated, paths));
  }

  private static ObjectNode scaled(
      ObjectNode object, ObjectNode scale, KnownType.ScalePaths paths, Target target) {
    JsonNode replicas = scale.path("spec").path("replicas");
    if (!replicas.isMissingNode() && !replicas.isIntegralNumber()) {
      throw Errors.badRequest("spec.replicas: Invalid value: " + replicas + ": must be an integer");
    }
    if (replicas.asInt() < 0) {
      throw Errors.invalid(
          new ResourceType("autoscaling", "v1", "scales", "Scale", true),
          target.name(),
          java.util.List.of(
              FieldError.invalid("spec.replicas", replicas, "must be greater than or equal to 0")));
    }
    String version = Json.text(scale, "metadata", "resourceVersion");
    if (!version.isEmpty()) {
      Json.meta(object).put("resourceVersion", version);
    }
    set(object, paths.spec(), replicas.asInt());
    return object;
  }

  private static void set(ObjectNode object, String path, int value) {
    String[] keys = path.substring(1).split("\\.", -1);
    ObjectNode parent = object;
    for (int i = 0; i < keys.length - 1; i++) {
      parent = Json.child(parent, keys[i]);
    }
    parent.put(keys[keys.length - 1], value);
  }

  private static JsonNode first(ObjectNode object, String path) {
    return JsonPath.find(object, path).stream()
        .findFirst()
        .orElseGet(() -> Json.NODES.numberNode(0));
  }

  private static ObjectNode scaleOf(ObjectNode object, KnownType.ScalePaths paths) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode meta = scale.putObject("metadata");
    for (String field :
        java.util.List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      meta.put(field, Json.text(object, "metadata", field));
    }
    scale.putObject("spec").put("replicas", first(object, paths.spec()).asInt());
    ObjectNode status =
        scale.putObject("status").put("replicas", first(object, paths.status()).asInt());
    if (!paths.labelSelector().isEmpty()) {
      JsonNode selector = first(object, paths.labelSelector());
      status.put("selector", selector.isTextual() ? selector.asText() : selectorText(selector));
    }
    return scale;
  }

  private static String selectorText(JsonNode selector) {
    return selector.path("matchLabels").properties().stream()
        .map(e -> e.getKey() + "=" + e.getValue().asText())
        .sorted()
        .collect(java.util.stream.Collectors.joining(","));
  }

  // ---- token

  private Answer token(Request request, Target target) {
    if (!request.method().equals("POST")) {
      throw Errors.methodNotAllowed();
    }
    ObjectNode wanted = bodies.object(request).object();
    ObjectNode spec = Json.child(wanted, "spec");
    long seconds = spec.path("expirationSeconds").asLong(3600);
    if (seconds < SHORTEST_TOKEN_SECONDS || seconds > LONGEST_TOKEN_SECONDS) {
      throw Errors.invalid(
          new ResourceType("authentication.k8s.io", "v1", "tokenrequests", "TokenRequest", true),
          "",
          java.util.List.of(
              FieldError.invalid(
                  "spec.expirationSeconds",
                  spec.path("expirationSeconds"),
                  seconds < SHORTEST_TOKEN_SECONDS
                      ? "may not specify a duration less than 10 minutes"
                      : "may not specify a duration larger than 2^32 seconds")));
    }
    JsonNode reference = spec.path("boundObjectRef");
    Optional<Tokens.BoundObject> bound =
        switch (Json.text(reference, "kind")) {
          case "" -> Optional.empty();
          case "Pod" -> Optional.of(bound("pods", reference));
          case "Secret" -> Optional.of(bound("secrets", reference));
          default ->
              throw Errors.badRequest(
                  "cannot bind token for serviceaccount to object type "
                      + Json.text(reference, "kind")
                      + "; use Pod or Secret");
        };
    String token =
        tokens.issue(
            target.namespace(),
            target.name(),
            Json.texts(spec.get("audiences")),
            Duration.ofSeconds(seconds),
            bound);
    if (!spec.path("audiences").isArray()) {
      spec.putArray("audiences").add(Tokens.ISSUER);
    }
    spec.put("expirationSeconds", seconds);
    ObjectNode answer =
        Json.object().put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    answer.putObject("metadata").put("name", target.name()).put("namespace", target.namespace());
    answer.set("spec", spec);
    answer
        .putObject("status")
        .put("token", token)
        .put(
            "expirationTimestamp",
            Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString());
    return Answer.json(201, answer);
  }

  private static Tokens.BoundObject bound(String plural, JsonNode reference) {
    return new Tokens.BoundObject(
        plural,
        Json.text(reference, "kind"),
        Json.text(reference, "name"),
        Json.text(reference, "uid"));
  }

  // ---- pods

  private Answer evict(Request request, Target target, Identity who) {
    if (!request.method().equals("POST")) {
      throw Errors.methodNotAllowed();
    }
    ObjectNode eviction = bodies.object(request).object();
    Deletion deletion =
        Deletion.of(ObjectStore.DeleteOptions.BACKGROUND).with(eviction.path("deleteOptions"));
    objects.delete(
        target.known(), target.namespace(), target.name(), deletion, Bodies.call(request, who));
    return Answer.json(
        201, Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success"));
  }

  private Answer log(Request request, Target target) {
    if (!request.method().equals("GET")) {
      throw Errors.methodNotAllowed();
    }
    ObjectNode pod = present(objects, target);
    String container = container(pod, request.parameter("container"));
    PodBackend.LogRequest wanted =
        new PodBackend.LogRequest(
            container,
            request.flag("follow"),
            request.flag("previous"),
            request.number("tailLines", -1),
            sinceSeconds(request),
            request.flag("timestamps"));
    if (Json.text(pod, "spec", "nodeName").isEmpty()) {
      throw Errors.badRequest("pod " + target.name() + " does not have a host assigned");
    }
    if (!wanted.previous()) {
      checkStarted(pod, container);
    }
    return new Answer.Stream(
        "text/plain",
        out -> pods.logs(target.namespace(), target.name(), wanted, new FlushedStream(out)));
  }

  /** Source of the words: kubernetes pkg/kubelet/kubelet_pods.go, validateContainerLogStatus. */
  private static void checkStarted(ObjectNode pod, String container) {
    for (String field :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      for (ObjectNode status : Json.objects(pod.path("status").get(field))) {
        JsonNode waiting = Json.at(status, "state", "waiting");
        if (!Json.text(status, "name").equals(container)
            || waiting.isMissingNode()
            || !Json.at(status, "lastState", "terminated").isMissingNode()) {
          continue;
        }
        String reason = Json.text(waiting, "reason");
        throw Errors.badRequest(
            "container \"%s\" in pod \"%s\" is waiting to start: %s"
                .formatted(
                    container,
                    Json.text(pod, "metadata", "name"),
                    PULL_FAILURES.contains(reason) ? "trying and failing to pull image" : reason));
      }
    }
  }

  private static int sinceSeconds(Request request) {
    String time = request.parameter("sinceTime");
    if (time.isEmpty()) {
      return request.number("sinceSeconds", -1);
    }
    try {
      return (int) Math.max(0, Duration.between(Instant.parse(time), Instant.now()).toSeconds());
    } catch (java.time.format.DateTimeParseException e) {
      throw Errors.badRequest("sinceTime: Invalid value: \"" + time + "\": must be RFC 3339");
    }
  }

  /**
   * The container that is meant: the named one, the annotated default, or the only one.
   *
   * @throws ApiException 400 where it does not exist or is not clear
   */
  public static String container(ObjectNode pod, String asked) {
    java.util.List<String> names = new java.util.ArrayList<>();
    for (String list : java.util.List.of("containers", "initContainers", "ephemeralContainers")) {
      Json.objects(pod.path("spec").get(list)).forEach(c -> names.add(Json.text(c, "name")));
    }
    String name = Json.text(pod, "metadata", "name");
    if (!asked.isEmpty()) {
      if (!names.contains(asked)) {
        throw Errors.badRequest("container " + asked + " is not valid for pod " + name);
      }
      return asked;
    }
    String preferred =
        Json.text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
    if (names.contains(preferred)) {
      return preferred;
    }
    int containers = pod.path("spec").path("containers").size();
    if (containers != 1) {
      throw Errors.badRequest(
          "a container name must be specified for pod "
              + name
              + ", choose one of: ["
              + String.join(" ", names.subList(0, containers))
              + "]");
    }
    return names.getFirst();
  }
}
