package dev.weft.cli.certs;

import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Kubeconfig;
import dev.weft.cli.reach.MeshAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where everybody is who trusts the CAs of a mesh, and has certificates of theirs. */
record Audience(Kubeconfig config, ClusterAccess access) {

  /**
   * Contexts, those of the CAs first.
   *
   * @param named what the user says of members without a CA of their own; null: nothing
   * @throws CommandFailure where a member is known by no context, so that it would be cut off
   */
  SequencedSet<String> of(List<ClusterCa> clusters, @Nullable List<String> named) {
    SequencedSet<String> contexts = new LinkedHashSet<>();
    clusters.forEach(cluster -> contexts.add(cluster.context()));
    if (named != null) {
      named.stream()
          .filter(name -> !name.isEmpty())
          .forEach(name -> contexts.add(config.context(Optional.of(name))));
      return contexts;
    }
    Set<String> unknown = new TreeSet<>();
    for (ClusterCa cluster : clusters) {
      for (String member : members(cluster.client())) {
        if (config.contexts().contains(member)) {
          contexts.add(member);
        } else {
          unknown.add(member);
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw CommandFailure.failed(
          "the mesh has the clusters "
              + String.join(", ", unknown)
              + ", and no context is called so: name by --members the contexts of those that have"
              + " no CA of their own (--members= where all of them are in --context)");
    }
    return contexts;
  }

  private static List<String> members(KubernetesClient client) {
    try {
      return client
          .genericKubernetesResources(MeshAccess.MEMBER_CLUSTERS)
          .list()
          .getItems()
          .stream()
          .map(member -> member.getMetadata().getName())
          .toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }
}
