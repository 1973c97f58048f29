package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.provision.Applying;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the objects of one API server to what is wanted, once. A refused object does not keep the
 * others from being written.
 */
final class Pass {
  private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

  private final String place;
  private final KubeApi api;
  private final Set<ManagedKind> kinds;
  private final List<String> refused = new ArrayList<>();
  private int writes;

  /**
   * @param place the cluster's name, for log lines
   * @param kinds what may be kept here
   */
  Pass(String place, KubeApi api, Set<ManagedKind> kinds) {
    this.place = place;
    this.api = api;
    this.kinds = kinds;
  }

  /**
   * Runs.
   *
   * @return what was refused, for each object one line; empty where all is as wanted
   * @throws KubernetesClientException where the server does not answer
   */
  List<String> run(List<Manifest> wanted, Map<Manifest.Key, ObjectNode> statuses) {
    for (Applying.Step step : Applying.steps(wanted, live(wanted))) {
      attempt(step.key(), () -> write(step));
    }
    statuses.forEach((key, status) -> attempt(key, () -> status(key, status)));
    return List.copyOf(refused);
  }

  /** How much this pass has changed. */
  int writes() {
    return writes;
  }

  private Map<Manifest.Key, ObjectNode> live(List<Manifest> wanted) {
    Map<Manifest.Key, ObjectNode> live = new TreeMap<>();
    for (ManagedKind kind : kinds) {
      for (ObjectNode item : api.list(kind.listPath(), Ownership.LABEL + "=" + Ownership.MESH)) {
        // Items of a list do not say what they are.
        item.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        Manifest found = Manifest.of(item);
        live.put(found.key(), item);
      }
    }
    for (Manifest manifest : wanted) {
      if (!live.containsKey(manifest.key())) {
        api.get(manifest.key().path()).ifPresent(body -> live.put(manifest.key(), body));
      }
    }
    return live;
  }

  private void attempt(Manifest.Key key, Runnable write) {
    try {
      write.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST
          || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR
          || e.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED) {
        throw e;
      }
      refused.add(key + ": " + e.getMessage());
    }
  }

  private void write(Applying.Step step) {
    Manifest.Key key = step.key();
    switch (step) {
      case Applying.Step.Create create -> {
        ObjectNode unused = api.create(key.kind().collectionPath(key.namespace()), create.body());
        LOG.info("{}: {} created", place, key);
      }
      case Applying.Step.Replace replace -> {
        ObjectNode unused = api.replace(key.path(), replace.body());
        LOG.info("{}: {} brought up to date", place, key);
      }
      case Applying.Step.Delete _ -> {
        api.delete(key.path());
        LOG.info("{}: {} removed", place, key);
      }
    }
    writes++;
  }

  private void status(Manifest.Key key, ObjectNode status) {
    ObjectNode there = api.get(key.path()).orElse(null);
    if (there == null || there.path("status").equals(status)) {
      return;
    }
    ObjectNode changed = there.deepCopy();
    changed.set("status", status);
    ObjectNode unused = api.replace(key.path() + "/status", changed);
    writes++;
  }
}
