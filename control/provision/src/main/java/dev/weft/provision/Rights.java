package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The smallest rights that a control plane needs in a cluster that it does not run in: rules of
 * {@code rbac.authorization.k8s.io/v1}. A right that is missing costs what it is for and nothing
 * else, and is named in the status of the cluster.
 *
 * @param everywhere rules of a ClusterRole
 * @param root rules of a Role in the root namespace
 */
public record Rights(List<Rule> everywhere, List<Rule> root) {
  private static final List<String> READ = List.of("list", "watch");
  private static final List<String> KEEP = List.of("get", "list", "create", "update");
  private static final List<String> OF_LISTED = List.of("get", "create", "update", "delete");
  private static final List<String> KEEP_AND_END =
      List.of("get", "list", "create", "update", "delete");

  /** What may be done with some resources of an API group. */
  public record Rule(String group, List<String> resources, List<String> verbs) {
    public Rule {
      resources = List.copyOf(resources);
      verbs = List.copyOf(verbs);
    }
  }

  public Rights {
    everywhere = List.copyOf(everywhere);
    root = List.copyOf(root);
  }

  /** Enough to discover what runs in a cluster, and to know its pods by their tokens. */
  public static Rights reader() {
    return new Rights(
        List.of(
            // Without nodes, pods have no locality; without the others there is nothing to
            // discover.
            new Rule("", List.of("services", "pods", "namespaces", "nodes"), READ),
            new Rule("discovery.k8s.io", List.of("endpointslices"), READ),
            new Rule("authentication.k8s.io", List.of("tokenreviews"), List.of("create"))),
        List.of());
  }

  /**
   * Enough for a cluster that a control plane in another cluster looks after: the reader's, trust
   * bundles, the injector, and in the root namespace gateways and the way to the control plane.
   */
  public static Rights member() {
    return new Rights(
        plus(
            reader().everywhere(),
            new Rule("", List.of("configmaps"), KEEP),
            new Rule(
                "admissionregistration.k8s.io",
                List.of("mutatingwebhookconfigurations"),
                KEEP_AND_END)),
        List.of(
            // A reader lists Services and EndpointSlices already.
            new Rule("", List.of("services"), OF_LISTED),
            new Rule("discovery.k8s.io", List.of("endpointslices"), OF_LISTED),
            new Rule("", List.of("serviceaccounts"), KEEP_AND_END),
            new Rule("apps", List.of("deployments"), KEEP_AND_END),
            // For gateways with autoscaleEnabled alone.
            new Rule("autoscaling", List.of("horizontalpodautoscalers"), KEEP_AND_END),
            // For gateways of several pods.
            new Rule("policy", List.of("poddisruptionbudgets"), KEEP_AND_END)));
  }

  /**
   * Enough for a cluster of a hosted mesh: the member's, and namespaces, whose labels a hosted mesh
   * keeps the same in all clusters.
   */
  public static Rights hostedMember() {
    return new Rights(
        plus(
            member().everywhere(),
            new Rule("", List.of("namespaces"), List.of("get", "create", "update"))),
        member().root());
  }

  private static List<Rule> plus(List<Rule> some, Rule... more) {
    return Stream.concat(some.stream(), Arrays.stream(more)).toList();
  }

  /** The ClusterRole with that name. */
  public ObjectNode clusterRole(String name) {
    ObjectNode role = role("ClusterRole", name);
    rules(role, everywhere);
    return role;
  }

  /** The Role with that name, for the root namespace. */
  public ObjectNode roleIn(String namespace, String name) {
    ObjectNode role = role("Role", name);
    role.withObject("/metadata").put("namespace", namespace);
    rules(role, root);
    return role;
  }

  private static ObjectNode role(String kind, String name) {
    ObjectNode role =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "rbac.authorization.k8s.io/v1")
            .put("kind", kind);
    role.putObject("metadata").put("name", name);
    return role;
  }

  private static void rules(ObjectNode role, List<Rule> rules) {
    ArrayNode list = role.putArray("rules");
    for (Rule rule : rules) {
      ObjectNode each = list.addObject();
      each.putArray("apiGroups").add(rule.group());
      texts(each, "resources", rule.resources());
      texts(each, "verbs", rule.verbs());
    }
  }

  private static void texts(ObjectNode object, String field, List<String> values) {
    ArrayNode list = object.putArray(field);
    values.forEach(list::add);
  }
}
