package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.discovery.KubeApi.RefusedException;
import dev.weft.provision.Adoption;
import dev.weft.provision.Applying;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import dev.weft.provision.StatusMerge;
import dev.weft.provision.WebhookTrust;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the objects of one API server to what is wanted, once. What the server refuses, be it a
 * list or an object, does not keep the rest from being done.
 */
final class Pass {
  private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

  private final String place;
  private final JsonApi api;
  private final InstantSource clock;
  private final List<String> refused = new ArrayList<>();
  private boolean overtaken;
  private int writes;

  /**
   * @param place the cluster's name, for log lines
   */
  Pass(String place, JsonApi api, InstantSource clock) {
    this.clock = clock;
    this.place = place;
    this.api = api;
  }

  /**
   * What came of it.
   *
   * @param complaints what was refused, or would have taken something from somebody, a line each;
   *     empty where all is as wanted
   * @param overtaken whether somebody wrote at the same time, so that it has to be looked at again
   */
  record Outcome(List<String> complaints, boolean overtaken) {
    Outcome {
      complaints = List.copyOf(complaints);
    }

    boolean good() {
      return complaints.isEmpty() && !overtaken;
    }
  }

  /**
   * Runs.
   *
   * @throws RefusedException where the server does not answer, or does not know us
   */
  Outcome run(Wish wish) throws RefusedException {
    Map<Manifest.Key, ObjectNode> live = new TreeMap<>();
    for (ManagedKind kind : wish.ordered()) {
      attempt(kind.plural(), () -> look(kind, wish, live));
    }
    List<Manifest> wanted = new ArrayList<>();
    for (Manifest manifest : wish.objects()) {
      if (live.containsKey(manifest.key())) {
        wanted.add(manifest);
      } else {
        attempt(
            manifest.key(),
            () -> {
              api.get(manifest.key().path()).ifPresent(body -> live.put(manifest.key(), body));
              wanted.add(manifest);
            });
      }
    }
    Applying.Plan plan =
        Applying.plan(
            wanted, live, wish.place(), Adoption.of(live, wish.rootNamespace(), wish.roots()));
    refused.addAll(plan.refused());
    for (Applying.Step step : plan.steps()) {
      attempt(step.key(), () -> write(step));
    }
    WebhookTrust trust = wish.trust();
    if (trust != null) {
      for (ManagedKind kind : trust.kinds()) {
        attempt(kind.plural(), () -> trust(kind, trust));
      }
    }
    for (Map.Entry<Manifest.Key, ObjectNode> status : wish.statuses().entrySet()) {
      attempt(status.getKey(), () -> status(status.getKey(), status.getValue()));
    }
    return new Outcome(refused, overtaken);
  }

  /** How much this pass has changed. */
  int writes() {
    return writes;
  }

  /** What is there of a kind. For what is rare and not wanted, nobody needs a right to look. */
  private void look(ManagedKind kind, Wish wish, Map<Manifest.Key, ObjectNode> live)
      throws RefusedException {
    try {
      list(kind, kind.listPath(wish.rootNamespace()), live);
    } catch (RefusedException e) {
      boolean wanted = wish.objects().stream().anyMatch(m -> m.key().kind() == kind);
      if (wanted || !kind.rare() || !e.forbidden()) {
        throw e;
      }
    }
  }

  private void list(ManagedKind kind, String path, Map<Manifest.Key, ObjectNode> live)
      throws RefusedException {
    for (ObjectNode item : typed(kind, path, Ownership.LABEL + "=" + Ownership.MESH)) {
      live.put(Manifest.of(item).key(), item);
    }
  }

  private List<ObjectNode> typed(ManagedKind kind, String path, String selector)
      throws RefusedException {
    List<ObjectNode> items = api.list(path, selector);
    // Items of a list do not say what they are.
    items.forEach(i -> i.put("apiVersion", kind.apiVersion()).put("kind", kind.kind()));
    return items;
  }

  private void trust(ManagedKind kind, WebhookTrust trust) throws RefusedException {
    for (Applying.Step step : trust.steps(kind, typed(kind, kind.listPath(""), trust.selector()))) {
      attempt(step.key(), () -> write(step));
    }
  }

  /** One request to the API server, or a few. */
  @FunctionalInterface
  private interface Request {
    void run() throws RefusedException;
  }

  /** The server's word on one thing is noted; a server without a word ends the pass. */
  private void attempt(Object what, Request request) throws RefusedException {
    try {
      request.run();
    } catch (RefusedException e) {
      boolean answered = e.status() >= 400 && e.status() < 500 && e.status() != 401;
      if (!answered) {
        throw e;
      }
      if (e.conflict()) {
        overtaken = true;
      } else {
        refused.add(what + ": " + e.getMessage());
      }
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
    if (there == null) {
      return;
    }
    ObjectNode changed = StatusMerge.into(there, status, clock.instant());
    if (changed.equals(there)) {
      return;
    }
    ObjectNode unused = api.replace(key.path() + "/status", changed);
    writes++;
  }
}
