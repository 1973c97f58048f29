package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.discovery.KubeApi.RefusedException;
import dev.weft.provision.Applying;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final JsonApi api;
  private final Set<ManagedKind> kinds;
  private final List<String> refused = new ArrayList<>();
  private int writes;

  /**
   * @param place the cluster's name, for log lines
   * @param kinds what may be kept here
   */
  Pass(String place, JsonApi api, Set<ManagedKind> kinds) {
    this.place = place;
    this.api = api;
    this.kinds = kinds;
  }

  /**
   * Runs.
   *
   * @return what was refused, for each object one line; empty where all is as wanted
   * @throws RefusedException where the server does not answer
   */
  List<String> run(List<Manifest> wanted, Map<Manifest.Key, ObjectNode> statuses)
      throws RefusedException {
    for (Applying.Step step : Applying.steps(wanted, live(wanted))) {
      attempt(step.key(), () -> write(step));
    }
    for (Map.Entry<Manifest.Key, ObjectNode> status : statuses.entrySet()) {
      attempt(status.getKey(), () -> status(status.getKey(), status.getValue()));
    }
    return List.copyOf(refused);
  }

  /** How much this pass has changed. */
  int writes() {
    return writes;
  }

  private Map<Manifest.Key, ObjectNode> live(List<Manifest> wanted) throws RefusedException {
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
        Optional<ObjectNode> found = api.get(manifest.key().path());
        found.ifPresent(body -> live.put(manifest.key(), body));
      }
    }
    return live;
  }

  /** One write to the API server. */
  @FunctionalInterface
  private interface Write {
    void run() throws RefusedException;
  }

  /** The server's word on one object is noted; a server without a word ends the pass. */
  private void attempt(Manifest.Key key, Write write) throws RefusedException {
    try {
      write.run();
    } catch (RefusedException e) {
      boolean aboutTheObject = e.status() >= 400 && e.status() < 500 && e.status() != 401;
      if (!aboutTheObject) {
        throw e;
      }
      refused.add(key + ": " + e.getMessage());
    }
  }

  private void write(Applying.Step step) throws RefusedException {
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

  private void status(Manifest.Key key, ObjectNode status) throws RefusedException {
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
