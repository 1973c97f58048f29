package dev.weft.console;

import dev.weft.config.KubeNamespace;
import dev.weft.console.api.ClusterView.ConditionView;
import dev.weft.console.api.Session;
import dev.weft.console.view.ClusterViews;
import dev.weft.console.view.ClusterViews.Registration;
import dev.weft.console.view.Flows;
import dev.weft.console.view.Moment;
import dev.weft.console.view.ServiceViews;
import dev.weft.console.view.WorkloadViews;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import dev.weft.snapshot.MeshService;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState;
import dev.weft.topology.picture.Level;
import dev.weft.topology.picture.PictureEdge;
import dev.weft.topology.picture.View;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What there is in the mesh, and how it fares. */
final class MeshEndpoints {
  private static final String MEMBERS = "/apis/mesh.weft.dev/v1alpha1/memberclusters";

  private final ConsoleParts parts;
  private final Pictures pictures;
  private final ClusterVersions versions;

  MeshEndpoints(ConsoleParts parts, Pictures pictures) {
    this.parts = parts;
    this.pictures = pictures;
    this.versions = new ClusterVersions(parts.clusters(), parts.clock());
  }

  List<Route> routes() {
    return List.of(
        Route.get("/session", this::session),
        Route.get("/clusters", this::clusters),
        Route.get("/services", this::services),
        Route.get("/services/{namespace}/{name}", this::service),
        Route.get("/workloads", this::workloads),
        Route.get("/workloads/{cluster}/{namespace}/{name}", this::workload),
        Route.get("/proxies", call -> parts.proxies().rows()),
        Route.get("/proxies/{id}", this::proxy),
        Route.get("/certificates", call -> parts.certificates().certificates()));
  }

  private Session session(Call call) {
    Moment moment = parts.mesh().get();
    TreeSet<String> namespaces = new TreeSet<>(moment.config().namespaces().keySet());
    moment
        .config()
        .clusters()
        .values()
        .forEach(
            c ->
                c.namespaces().values().stream().map(KubeNamespace::name).forEach(namespaces::add));
    SourceState source = pictures.recent().traffic().state();
    String mesh = moment.snapshot().settings().meshId();
    return new Session(
        call.caller().user(),
        call.caller().role(),
        mesh.isEmpty() ? moment.snapshot().settings().trustDomain().toString() : mesh,
        parts.version(),
        parts.configApi().toString(),
        moment.snapshot().clusters().keySet().stream().map(ClusterId::value).toList(),
        List.copyOf(namespaces),
        source);
  }

  private Object clusters(Call call) throws RefusedException {
    Map<ClusterId, String> secrets = new TreeMap<>();
    parts.registrations().get().forEach(r -> secrets.put(r.cluster(), r.secret()));
    return ClusterViews.of(
        parts.mesh().get(),
        id ->
            new Registration(
                parts.clusters().apply(id).map(a -> a.server().toString()).orElse(""),
                secrets.getOrDefault(id, ""),
                versions.of(id)),
        parts.proxies().rows(),
        conditions(parts.users().apply(call.caller().token())));
  }

  /** As far as the caller may read them. */
  private static Map<String, List<ConditionView>> conditions(KubeApi api) throws RefusedException {
    Map<String, List<ConditionView>> conditions = new TreeMap<>();
    try {
      for (Map<?, ?> member : objects(api.get(MEMBERS).map(l -> l.get("items")).orElse(null))) {
        String name = String.valueOf(field(member.get("metadata"), "name"));
        conditions.put(
            name,
            objects(field(member.get("status"), "conditions")).stream()
                .map(
                    c ->
                        new ConditionView(
                            text(c, "type"),
                            text(c, "status"),
                            text(c, "reason"),
                            text(c, "message"),
                            text(c, "lastTransitionTime")))
                .toList());
      }
    } catch (RefusedException e) {
      if (!e.forbidden()) {
        throw e;
      }
    }
    return conditions;
  }

  private static List<Map<?, ?>> objects(@Nullable Object list) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (list instanceof List<?> items) {
      items.forEach(
          i -> {
            if (i instanceof Map<?, ?> object) {
              objects.add(object);
            }
          });
    }
    return objects;
  }

  private static @Nullable Object field(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> map ? map.get(name) : null;
  }

  private static String text(Map<?, ?> object, String field) {
    return object.get(field) instanceof String text ? text : "";
  }

  private Flows flows() {
    return pictures.recent().flows();
  }

  /** What was seen of a namespace's traffic in the last minute. */
  private List<PictureEdge> edges(String namespace, Predicate<PictureEdge> wanted) {
    View view =
        new View(Level.WORKLOAD, Set.of(), Set.of(namespace), false, true, false, Pictures.RECENT);
    return pictures.of(view, Optional.empty()).picture().edges().stream().filter(wanted).toList();
  }

  private Object services(Call call) {
    return ServiceViews.rows(parts.mesh().get(), flows(), call.parameter("namespace"));
  }

  private Object service(Call call) throws ProblemException {
    Moment moment = parts.mesh().get();
    ServiceId id = new ServiceId(call.part("namespace"), call.part("name"));
    MeshService service =
        moment
            .snapshot()
            .service(id)
            .orElseThrow(() -> ProblemException.notFound("no cluster has a Service " + id));
    return ServiceViews.detail(
        moment,
        service,
        flows(),
        edges(id.namespace(), e -> e.service().equals(service.hostname())));
  }

  private Object workloads(Call call) {
    return WorkloadViews.rows(parts.mesh().get(), flows(), call.parameter("namespace"));
  }

  private Object workload(Call call) throws ProblemException {
    Place place = new Place(call.part("cluster"), call.part("namespace"), call.part("name"));
    String node = place.cluster() + "/" + place.namespace() + "/" + place.workload();
    return WorkloadViews.detail(
            parts.mesh().get(),
            place,
            flows(),
            parts.proxies().rows(),
            edges(place.namespace(), e -> e.target().equals(node)),
            edges(place.namespace(), e -> e.source().equals(node)))
        .orElseThrow(() -> ProblemException.notFound("there is no pod of " + place));
  }

  private Object proxy(Call call) throws ProblemException {
    String id = call.part("id");
    return parts
        .proxies()
        .detail(id)
        .orElseThrow(
            () ->
                ProblemException.notFound(
                    "proxy '" + id + "' is not connected to this control plane"));
  }
}
