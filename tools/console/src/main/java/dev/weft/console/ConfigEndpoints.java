package dev.weft.console;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectRef;
import dev.weft.console.api.ConfigDetail;
import dev.weft.console.api.NetworkPreview;
import dev.weft.console.api.NetworkWish;
import dev.weft.console.view.ConfigViews;
import dev.weft.console.view.Drafts;
import dev.weft.console.view.Moment;
import dev.weft.console.view.NetworkViews;
import dev.weft.console.view.ObjectTrees;
import dev.weft.console.yaml.MalformedYamlException;
import dev.weft.console.yaml.YamlDocument;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of the config API. They are read and written with the caller's own token, so that the
 * config API decides what each may do.
 */
final class ConfigEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigEndpoints.class);

  /** In a path, for the namespace of objects that have none. */
  private static final String NO_NAMESPACE = "-";

  private static final int JUDGED_AT_ONCE = 2;

  private final ConsoleParts parts;
  private final Semaphore judges = new Semaphore(JUDGED_AT_ONCE);

  ConfigEndpoints(ConsoleParts parts) {
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/config", this::list),
        Route.get("/config/{kind}/{namespace}/{name}", this::detail),
        Route.ask("/config/check", this::check),
        Route.put("/config", this::apply),
        Route.delete("/config/{kind}/{namespace}/{name}", this::delete),
        Route.ask("/networks/preview", this::preview),
        Route.put("/networks", this::networks));
  }

  private Object list(Call call) throws ProblemException {
    String kind = call.parameter("kind");
    String namespace = call.parameter("namespace");
    if (!kind.isEmpty() && ObjectTrees.kind(kind).isEmpty()) {
      throw ProblemException.badRequest(
          "the parameter kind is '" + kind + "', which is none of the mesh's configuration");
    }
    return ConfigViews.rows(
        parts.mesh().get(),
        ref ->
            (kind.isEmpty() || ref.kind().kind().equals(kind))
                && (namespace.isEmpty() || ref.namespace().equals(namespace)));
  }

  private Object detail(Call call) throws ProblemException, RefusedException {
    ObjectRef ref = ref(call);
    Map<String, Object> stored = stored(user(call), ref);
    return judging(() -> ConfigViews.detail(parts.mesh().get(), ref, stored));
  }

  private Object check(Call call) throws ProblemException {
    String yaml = call.body();
    return judging(() -> Drafts.check(parts.mesh().get(), yaml));
  }

  /** A picture of the whole mesh is made for it: not for everybody at once. */
  private <T> T judging(Supplier<T> work) {
    judges.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      judges.release();
    }
  }

  private KubeApi user(Call call) {
    return parts.users().apply(call.caller().token());
  }

  private static Map<String, Object> stored(KubeApi api, ObjectRef ref)
      throws ProblemException, RefusedException {
    return api.get(ObjectTrees.path(ref))
        .orElseThrow(() -> ProblemException.notFound("there is no " + ref));
  }

  private static ObjectRef ref(Call call) throws ProblemException {
    ConfigKind kind =
        ObjectTrees.kind(call.part("kind"))
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "'" + call.part("kind") + "' is no kind of the mesh's configuration"));
    String namespace = call.part("namespace");
    String name = call.part("name");
    if (!ObjectTrees.isName(name) || (kind.namespaced() && !ObjectTrees.isName(namespace))) {
      throw ProblemException.notFound("no object can be called " + namespace + "/" + name);
    }
    if (!kind.namespaced() && !namespace.equals(NO_NAMESPACE)) {
      throw ProblemException.notFound(
          "a " + kind.kind() + " has no namespace: write '" + NO_NAMESPACE + "' in its place");
    }
    return new ObjectRef(kind, kind.namespaced() ? namespace : "", name);
  }

  private ConfigDetail apply(Call call) throws ProblemException, RefusedException {
    boolean dryRun = call.flag("dryRun");
    Map<String, Object> wanted = only(call.body());
    ObjectRef ref;
    try {
      ref = ObjectTrees.ref(wanted);
    } catch (ObjectTrees.UnknownObjectException e) {
      throw ProblemException.badRequest(String.valueOf(e.getMessage()));
    }
    KubeApi api = user(call);
    Optional<Map<String, Object>> before = api.get(ObjectTrees.path(ref));
    String suffix = dryRun ? "?dryRun=All" : "";
    Map<String, Object> stored =
        before.isEmpty()
            ? api.create(ObjectTrees.collection(ref) + suffix, wanted)
            : api.replace(ObjectTrees.path(ref) + suffix, onto(before.get(), wanted));
    if (!dryRun) {
      LOG.info(
          "console: {} {} {}", call.caller().user(), before.isEmpty() ? "created" : "changed", ref);
    }
    return judging(() -> ConfigViews.detail(parts.mesh().get(), ref, stored));
  }

  private static Map<String, Object> only(String yaml) throws ProblemException {
    try {
      List<YamlDocument> documents = YamlDocument.all(yaml);
      if (documents.size() != 1) {
        throw ProblemException.badRequest(
            "the body holds " + documents.size() + " objects, but must hold one");
      }
      return documents.getFirst().tree();
    } catch (MalformedYamlException e) {
      throw ProblemException.badRequest(
          "the body is no YAML, at line " + e.line() + ": " + e.getMessage());
    }
  }

  /** Who names no version writes over the one that is there; its status is not for people. */
  private static Map<String, Object> onto(Map<String, Object> before, Map<String, Object> wanted) {
    Map<String, Object> next = new LinkedHashMap<>(wanted);
    if (before.get("status") != null) {
      next.put("status", before.get("status"));
    }
    if (wanted.get("metadata") instanceof Map<?, ?> metadata
        && !metadata.containsKey("resourceVersion")
        && before.get("metadata") instanceof Map<?, ?> known
        && known.get("resourceVersion") instanceof String version) {
      Map<Object, Object> with = new LinkedHashMap<>(metadata);
      with.put("resourceVersion", version);
      next.put("metadata", with);
    }
    return next;
  }

  private Object delete(Call call) throws ProblemException, RefusedException {
    ObjectRef ref = ref(call);
    KubeApi api = user(call);
    Map<String, Object> gone = stored(api, ref);
    ConfigDetail last = judging(() -> ConfigViews.detail(parts.mesh().get(), ref, gone));
    api.delete(ObjectTrees.path(ref));
    LOG.info("console: {} deleted {}", call.caller().user(), ref);
    return last;
  }

  private NetworkPreview preview(Call call) throws ProblemException {
    List<NetworkWish> wishes = wishes(call);
    return judging(() -> NetworkViews.preview(parts.mesh().get(), wishes));
  }

  private List<NetworkWish> wishes(Call call) throws ProblemException {
    List<NetworkWish> wishes =
        List.of(
            Json.read(
                call.body(),
                NetworkWish[].class,
                "a list of {cluster, network, crossClusterProxy}"));
    Optional<String> objection = NetworkViews.objection(parts.mesh().get().snapshot(), wishes);
    if (objection.isPresent()) {
      throw ProblemException.badRequest(objection.get());
    }
    return wishes;
  }

  /** All or none, as far as can be seen before. */
  private NetworkPreview networks(Call call) throws ProblemException, RefusedException {
    List<NetworkWish> wishes = wishes(call);
    Moment moment = parts.mesh().get();
    NetworkPreview preview = judging(() -> NetworkViews.preview(moment, wishes));
    KubeApi api = user(call);
    for (NetworkWish wish : wishes) {
      set(api, moment, wish, "?dryRun=All");
    }
    for (NetworkWish wish : wishes) {
      set(api, moment, wish, "");
      LOG.info("console: {} set {}", call.caller().user(), wish);
    }
    return preview;
  }

  private static void set(KubeApi api, Moment moment, NetworkWish wish, String how)
      throws RefusedException {
    ObjectRef ref = new ObjectRef(ConfigKind.MEMBER_CLUSTER, "", wish.cluster());
    Object unused =
        api.merge(
            ObjectTrees.path(ref) + how, Map.of("spec", NetworkViews.spec(moment.config(), wish)));
  }
}
