package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.auth.Identity;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.object.Deletion;
import dev.weft.apiserver.object.Objects;
import dev.weft.apiserver.patch.ApplyPatch;
import dev.weft.apiserver.print.Tables;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.select.Match;
import dev.weft.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;

/** The verbs on resources. */
public final class Resources {
  private final Objects objects;
  private final Bodies bodies;
  private final Patches patches;
  private final SubResources subResources;
  private final Reviews reviews;
  private final Watches watches;
  private final Pages pages;

  public Resources(
      Objects objects, SubResources subResources, Reviews reviews, Bodies bodies, Watches watches) {
    this.objects = objects;
    this.bodies = bodies;
    this.patches = new Patches();
    this.subResources = subResources;
    this.reviews = reviews;
    this.watches = watches;
    this.pages = new Pages(objects.store());
  }

  public Answer answer(Request request, Target target, Identity who) {
    KnownType known = target.known();
    if (known.createOnly()) {
      if (!request.method().equals("POST") || !target.name().isEmpty()) {
        throw Errors.methodNotAllowed();
      }
      ObjectNode review = bodies.object(request).object();
      return Answer.json(201, reviews.answer(known.type(), target.namespace(), review, who));
    }
    if (!target.part().isEmpty()
        && !target.part().equals("status")
        && !target.part().equals("finalize")) {
      return subResources.answer(request, target, who);
    }
    if (target.part().equals("status") && !known.status()) {
      throw Errors.noSuchResource();
    }
    if (target.part().equals("finalize") && !known.isNamespace()) {
      throw Errors.noSuchResource();
    }
    return target.name().isEmpty()
        ? collection(request, target, who)
        : single(request, target, who);
  }

  private Answer collection(Request request, Target target, Identity who) {
    return switch (request.method()) {
      case "GET" -> request.flag("watch") ? watches.watch(request, target) : list(request, target);
      case "POST" -> create(request, target, who);
      case "DELETE" -> deleteCollection(request, target, who);
      default -> throw Errors.methodNotAllowed();
    };
  }

  private Answer single(Request request, Target target, Identity who) {
    return switch (request.method()) {
      case "GET" -> request.flag("watch") ? watches.watch(request, target) : get(request, target);
      case "PUT" -> put(request, target, who);
      case "PATCH" -> patch(request, target, who);
      case "DELETE" -> delete(request, target, who);
      default -> throw Errors.methodNotAllowed();
    };
  }

  static boolean wantsTable(Request request) {
    return request.headerText("Accept").contains("as=Table");
  }

  private Answer get(Request request, Target target) {
    ObjectNode object =
        objects
            .get(target.known(), target.namespace(), target.name())
            .orElseThrow(() -> Errors.notFound(target.known().type(), target.name()));
    return shown(request, 200, target.known(), object, List.of());
  }

  public static Answer shown(
      Request request, int code, KnownType known, ObjectNode object, List<String> warnings) {
    if (!wantsTable(request)) {
      return Answer.json(code, object, warnings);
    }
    String version = Json.text(object, "metadata", "resourceVersion");
    return Answer.json(
        code,
        Tables.of(known, List.of(object), version, request.parameter("includeObject"), true),
        warnings);
  }

  private Answer list(Request request, Target target) {
    KnownType known = target.known();
    Pages.Page page = pages.page(request, known, target.namespace(), match(request, target));
    List<ObjectNode> items =
        page.objects().stream().map(stored -> known.shown(stored.object())).toList();
    String version = Long.toString(page.version());
    ObjectNode list =
        wantsTable(request)
            ? Tables.of(known, items, version, request.parameter("includeObject"), true)
            : listOf(known, items, version);
    page.describe(Json.meta(list));
    return Answer.json(200, list);
  }

  private static ObjectNode listOf(KnownType known, List<ObjectNode> items, String version) {
    ObjectNode list =
        Json.object()
            .put("kind", known.type().kind() + "List")
            .put("apiVersion", known.type().apiVersion());
    list.putObject("metadata").put("resourceVersion", version);
    list.putArray("items").addAll(items);
    return list;
  }

  /** What a list or watch selects; the name in the path is one more condition. */
  public static Match match(Request request, Target target) {
    String fields = request.parameter("fieldSelector");
    if (!target.name().isEmpty()) {
      String name = "metadata.name=" + target.name();
      fields = fields.isEmpty() ? name : fields + "," + name;
    }
    return Match.of(
        target.known().type(),
        target.namespace(),
        new Selector(request.parameter("labelSelector"), fields));
  }

  private Answer create(Request request, Target target, Identity who) {
    KnownType known = target.known();
    Call call = Bodies.call(request, who);
    ObjectNode object = object(request, known, call);
    if (known.type().namespaced() && target.namespace().isEmpty()) {
      throw Errors.methodNotAllowed();
    }
    ObjectNode created = objects.create(known, target.namespace(), object, call);
    return shown(request, 201, known, created, call.warnings());
  }

  private ObjectNode object(Request request, KnownType known, Call call) {
    Bodies.Decoded decoded = bodies.object(request);
    refuse(known, decoded.duplicates(), call);
    return decoded.object();
  }

  private static void refuse(KnownType known, List<String> duplicates, Call call) {
    if (duplicates.isEmpty()) {
      return;
    }
    switch (call.fields()) {
      case STRICT ->
          throw Errors.badRequest(
              Objects.handled(known.type())
                  + "strict decoding error: "
                  + String.join(", ", duplicates));
      case WARN -> call.warnings().addAll(duplicates);
      case IGNORE, TRUSTED -> {}
    }
  }

  private static Objects.Part part(Target target) {
    return switch (target.part()) {
      case "status" -> Objects.Part.STATUS;
      case "finalize" -> Objects.Part.FINALIZE;
      default -> Objects.Part.MAIN;
    };
  }

  private Answer put(Request request, Target target, Identity who) {
    Call call = Bodies.call(request, who);
    ObjectNode object = object(request, target.known(), call);
    ObjectNode updated =
        objects.update(
            target.known(),
            target.namespace(),
            target.name(),
            part(target),
            ignored -> object.deepCopy(),
            call);
    return shown(request, 200, target.known(), updated, call.warnings());
  }

  private Answer patch(Request request, Target target, Identity who) {
    Call call = Bodies.call(request, who);
    if (request.contentType().equals("application/apply-patch+yaml")) {
      return apply(request, target, call.unowned());
    }
    Patches.Patch patch = patches.read(request, target.known());
    ObjectNode patched =
        objects.update(
            target.known(), target.namespace(), target.name(), part(target), patch::apply, call);
    return shown(request, 200, target.known(), patched, call.warnings());
  }

  /** Server-side apply: makes the object where it does not exist. */
  private Answer apply(Request request, Target target, Call call) {
    KnownType known = target.known();
    String manager = request.parameter("fieldManager");
    if (manager.isEmpty()) {
      throw Errors.invalid(
          new ResourceType("meta.k8s.io", "v1", "patchoptions", "PatchOptions", false),
          "",
          List.of(FieldError.required("fieldManager", "is required for apply patch")));
    }
    ObjectNode config = applied(request, target, call);
    ApplyPatch patch = new ApplyPatch(known, config, manager, request.flag("force"), target.part());
    boolean missing = objects.get(known, target.namespace(), target.name()).isEmpty();
    if (missing && target.part().isEmpty()) {
      ObjectNode created = objects.create(known, target.namespace(), patch.created(), call);
      return shown(request, 201, known, created, call.warnings());
    }
    ObjectNode updated =
        objects.update(known, target.namespace(), target.name(), part(target), patch::apply, call);
    return shown(request, 200, known, updated, call.warnings());
  }

  private static ObjectNode applied(Request request, Target target, Call call) {
    List<String> duplicates = new ArrayList<>();
    if (!(Json.readYaml(request.body(), duplicates) instanceof ObjectNode config)) {
      throw Errors.badRequest("an apply patch has to be an object");
    }
    if (Json.text(config, "kind").isEmpty() || Json.text(config, "apiVersion").isEmpty()) {
      throw Errors.badRequest("an apply patch has to say its apiVersion and kind");
    }
    refuse(target.known(), duplicates, call);
    Json.meta(config).remove("managedFields");
    if (Json.text(config, "metadata", "name").isEmpty()) {
      Json.meta(config).put("name", target.name());
    } else if (!Json.text(config, "metadata", "name").equals(target.name())) {
      throw Errors.badRequest(
          "the name of the object ("
              + Json.text(config, "metadata", "name")
              + ") does not match the name on the URL ("
              + target.name()
              + ")");
    }
    return config;
  }

  private Answer delete(Request request, Target target, Identity who) {
    KnownType known = target.known();
    Objects.Deleted deleted =
        objects.delete(
            known,
            target.namespace(),
            target.name(),
            bodies.deletion(request),
            Bodies.call(request, who));
    if (!deleted.gone() || known.isPod()) {
      return shown(request, 200, known, deleted.object(), List.of());
    }
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", target.name());
    if (!known.type().group().isEmpty()) {
      details.put("group", known.type().group());
    }
    details
        .put("kind", known.type().plural())
        .put("uid", Json.text(deleted.object(), "metadata", "uid"));
    return Answer.json(200, status);
  }

  private Answer deleteCollection(Request request, Target target, Identity who) {
    KnownType known = target.known();
    Match match = match(request, target);
    Deletion deletion = bodies.deletion(request);
    Call call = Bodies.call(request, who);
    List<ObjectNode> items = new ArrayList<>();
    for (StoredObject stored : objects.store().list(known.key(), target.namespace()).objects()) {
      if (match.matches(stored)) {
        try {
          items.add(
              objects
                  .delete(known, stored.key().namespace(), stored.key().name(), deletion, call)
                  .object());
        } catch (ApiException e) {
          if (e.code() != 404) {
            throw e;
          }
        }
      }
    }
    String version = Long.toString(objects.store().version());
    return Answer.json(200, listOf(known, items, version));
  }
}
