package dev.weft.console.view;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.console.api.NetworkPreview;
import dev.weft.console.api.NetworkPreview.NetworkPath;
import dev.weft.console.api.NetworkPreview.Way;
import dev.weft.console.api.NetworkWish;
import dev.weft.console.yaml.YamlDocument;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.topology.Sentence;
import dev.weft.topology.Severity;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What would come of other networks and cross-cluster proxies. */
public final class NetworkViews {
  private static final ConfigKind KIND = ConfigKind.MEMBER_CLUSTER;

  private NetworkViews() {}

  /** Why wishes cannot be had; empty where they can. */
  public static Optional<String> objection(MeshSnapshot snapshot, List<NetworkWish> wishes) {
    TreeSet<String> seen = new TreeSet<>();
    for (NetworkWish wish : wishes) {
      if (!Names.isLabel(wish.cluster())
          || !snapshot.clusters().containsKey(new ClusterId(wish.cluster()))) {
        return Optional.of(
            "cluster '"
                + wish.cluster()
                + "' is no member of this mesh; members are "
                + snapshot.clusters().keySet());
      }
      if (!seen.add(wish.cluster())) {
        return Optional.of("cluster '" + wish.cluster() + "' is named twice");
      }
      if (!wish.network().isEmpty() && !Names.isLabel(wish.network())) {
        return Optional.of(
            "network '"
                + wish.network()
                + "' of cluster "
                + wish.cluster()
                + " must be small letters, digits and hyphens");
      }
    }
    return Optional.empty();
  }

  /**
   * What would come of them. Clusters that no wish names stay as they are.
   *
   * @param wishes without an {@link #objection}
   */
  public static NetworkPreview preview(Moment moment, List<NetworkWish> wishes) {
    Map<String, NetworkWish> byCluster = new TreeMap<>();
    wishes.forEach(w -> byCluster.put(w.cluster(), w));
    MeshSnapshot before = moment.snapshot();
    MeshSnapshot after =
        SnapshotBuilder.build(wished(moment.config(), byCluster), before).snapshot();
    return new NetworkPreview(
        paths(after), consequences(before, after), yaml(moment.config(), byCluster));
  }

  private static ConfigSet wished(ConfigSet config, Map<String, NetworkWish> wishes) {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>(config.objects());
    wishes.forEach(
        (cluster, wish) -> {
          ObjectRef ref = new ObjectRef(KIND, "", cluster);
          MemberClusterSpec known =
              objects.get(ref) instanceof MemberClusterSpec s ? s : unwritten(cluster);
          objects.put(ref, known.with(new NetworkId(wish.network()), wish.crossClusterProxy()));
        });
    return Drafts.with(config, objects, config.diagnostics());
  }

  /** Of a cluster about which nobody has written anything. */
  private static MemberClusterSpec unwritten(String cluster) {
    return new MemberClusterSpec(
        ObjectMeta.of(KIND, "", cluster), new NetworkId(""), false, null, false);
  }

  private static List<NetworkPath> paths(MeshSnapshot snapshot) {
    List<NetworkPath> paths = new ArrayList<>();
    for (MemberCluster from : snapshot.clusters().values()) {
      for (MemberCluster to : snapshot.clusters().values()) {
        paths.add(path(snapshot, from, to));
      }
    }
    return paths;
  }

  private static NetworkPath path(MeshSnapshot snapshot, MemberCluster from, MemberCluster to) {
    if (from.id().equals(to.id())) {
      return path(from, to, Way.LOCAL, "the same cluster");
    }
    if (from.network().equals(to.network())) {
      return path(
          from,
          to,
          Way.DIRECT,
          to.network().isNamed() ? "the same network " + to.network() : "no networks are named");
    }
    List<NetworkGateway> gateways = snapshot.networkGateways().into(to.network(), to.id());
    if (!gateways.isEmpty()) {
      return path(
          from,
          to,
          Way.GATEWAY,
          "through "
              + String.join(", ", gateways.stream().map(g -> g.address().toString()).toList()));
    }
    Optional<MemberCluster> coming =
        snapshot.clusters().values().stream()
            .filter(m -> m.network().equals(to.network()) && m.crossClusterProxy().enabled())
            .findFirst();
    return coming.isPresent()
        ? path(
            from,
            to,
            Way.GATEWAY,
            "through the cross-cluster proxy of "
                + coming.get().id()
                + ", as soon as it has an address")
        : path(
            from,
            to,
            Way.NONE,
            (to.network().isNamed()
                    ? "no gateway leads into " + to.network()
                    : to.id() + " is in no named network")
                + ": turn on the cross-cluster proxy of "
                + to.id()
                + ", or give both clusters the same network");
  }

  private static NetworkPath path(MemberCluster from, MemberCluster to, Way way, String reason) {
    return new NetworkPath(from.id().value(), to.id().value(), way, reason);
  }

  private static List<Sentence> consequences(MeshSnapshot before, MeshSnapshot after) {
    List<Sentence> sentences = new ArrayList<>();
    for (MemberCluster now : after.clusters().values()) {
      MemberCluster was = before.clusters().get(now.id());
      if (was == null) {
        continue;
      }
      boolean had = was.crossClusterProxy().enabled();
      boolean has = now.crossClusterProxy().enabled();
      if (had != has) {
        sentences.add(
            say(
                has ? "gateway-created" : "gateway-removed",
                Map.of(
                    "cluster",
                    now.id().value(),
                    "gateway",
                    MemberClusterSpec.gatewayName(now.id())),
                has ? Severity.INFO : Severity.WARNING));
      }
      if (!was.network().equals(now.network())) {
        sentences.add(
            say(
                "network-changed",
                Map.of(
                    "cluster",
                    now.id().value(),
                    "before",
                    was.network().value(),
                    "after",
                    now.network().value()),
                Severity.INFO));
      }
    }
    for (NetworkPath path : paths(after)) {
      if (path.way() == Way.NONE) {
        // Legal: many meshes are entered from one side only.
        sentences.add(
            say("no-path", Map.of("from", path.from(), "to", path.to()), Severity.WARNING));
      }
    }
    int rewritten = rewritten(before, after);
    sentences.add(
        say("endpoints-rewritten", Map.of("count", Integer.toString(rewritten)), Severity.INFO));
    // The network of a proxy is looked up when its configuration is made.
    sentences.add(say("no-restarts", Map.of(), Severity.INFO));
    sentences.sort(Comparator.comparing(Sentence::severity, Comparator.reverseOrder()));
    return sentences;
  }

  private static Sentence say(String code, Map<String, String> args, Severity severity) {
    return new Sentence(code, args, severity, List.of(), List.of());
  }

  /** Endpoints that clients are told of differently: their network is another one. */
  private static int rewritten(MeshSnapshot before, MeshSnapshot after) {
    int count = 0;
    for (MeshService service : after.services().values()) {
      MeshService was = before.services().get(service.id());
      if (was == null) {
        continue;
      }
      Map<String, NetworkId> networks = new TreeMap<>();
      was.endpoints().forEach(e -> networks.put(key(e), e.network()));
      count +=
          (int)
              service.endpoints().stream()
                  .filter(e -> !e.network().equals(networks.get(key(e))))
                  .count();
    }
    return count;
  }

  private static String key(ServiceEndpoint endpoint) {
    return endpoint.cluster() + "/" + endpoint.address();
  }

  private static String yaml(ConfigSet config, Map<String, NetworkWish> wishes) {
    StringBuilder text = new StringBuilder();
    wishes.forEach(
        (cluster, wish) -> {
          Map<String, Object> tree = new LinkedHashMap<>();
          tree.put("apiVersion", ObjectTrees.apiVersion(KIND));
          tree.put("kind", KIND.kind());
          tree.put("metadata", Map.of("name", cluster));
          tree.put("spec", spec(config, wish));
          text.append(text.isEmpty() ? "" : "---\n").append(YamlDocument.text(tree));
        });
    return text.toString();
  }

  /** Its MemberCluster object as a wish would have it: whole, so that it may be applied, too. */
  public static Map<String, Object> spec(ConfigSet config, NetworkWish wish) {
    Map<String, Object> proxy = new LinkedHashMap<>();
    proxy.put("enabled", wish.crossClusterProxy());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("network", wish.network());
    spec.put("crossClusterProxy", proxy);
    if (config.objects().get(new ObjectRef(KIND, "", wish.cluster()))
        instanceof MemberClusterSpec known) {
      if (known.customAddress() != null) {
        proxy.put("address", known.customAddress().toString());
      }
      if (known.serverlessGateways()) {
        spec.put("serverlessGateways", true);
      }
    }
    return spec;
  }
}
