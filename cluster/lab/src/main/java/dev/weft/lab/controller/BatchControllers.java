package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** Jobs and CronJobs: gathers what the decisions need and carries them out. */
final class BatchControllers implements AutoCloseable {
  private final ObjectStore store;
  private final InstantSource clock;
  private final SplittableRandom random;
  private final Applier jobApplier;
  private final Applier cronApplier;
  private final WorkQueue<ObjectKey> jobs = new WorkQueue<>("job", this::job);
  private final WorkQueue<ObjectKey> crons = new WorkQueue<>("cronjob", this::cron);

  /**
   * @param clock what the schedules and deadlines go by
   */
  BatchControllers(Feed feed, Events events, InstantSource clock, SplittableRandom random) {
    this.store = feed.store();
    this.clock = clock;
    this.random = random;
    this.jobApplier = new Applier(store, events, "job-controller");
    this.cronApplier = new Applier(store, events, "cronjob-controller");
    feed.on(Kinds.JOBS, (change, job) -> trigger(jobs, change, job));
    feed.on(Kinds.JOBS, (change, job) -> owner(crons, "CronJob", change, job));
    feed.on(Kinds.CRON_JOBS, (change, cron) -> trigger(crons, change, cron));
    feed.on(Kinds.PODS, (change, pod) -> owner(jobs, "Job", change, pod));
  }

  void start() {
    jobs.start();
    crons.start();
  }

  private static void trigger(WorkQueue<ObjectKey> queue, Change change, ObjectNode object) {
    switch (change) {
      case ADDED, MODIFIED -> queue.add(ObjectKey.of(object));
      case DELETED, SYNCED -> {}
    }
  }

  private static void owner(
      WorkQueue<ObjectKey> queue, String kind, Change change, JsonNode object) {
    if (change != Change.SYNCED) {
      Meta.controllerOf(object)
          .filter(reference -> reference.path("kind").asText().equals(kind))
          .map(reference -> new ObjectKey(Meta.namespace(object), reference.path("name").asText()))
          .ifPresent(queue::add);
    }
  }

  private void job(ObjectKey key) {
    store
        .get(Kinds.JOBS, key.namespace(), key.name())
        .ifPresent(
            job -> {
              JobDecision.Decision decision =
                  JobDecision.decide(
                      job,
                      list(Kinds.PODS, key.namespace()),
                      () -> Hashes.random(random, 5),
                      clock.instant());
              decision.again().ifPresent(after -> jobs.addAfter(key, after));
              apply(jobApplier, Kinds.JOBS, job, decision.actions());
            });
  }

  private void cron(ObjectKey key) {
    store
        .get(Kinds.CRON_JOBS, key.namespace(), key.name())
        .ifPresent(
            cron -> {
              JobDecision.Decision decision =
                  CronJobDecision.decide(cron, list(Kinds.JOBS, key.namespace()), clock.instant());
              decision.again().ifPresent(after -> crons.addAfter(key, after));
              apply(cronApplier, Kinds.CRON_JOBS, cron, decision.actions());
            });
  }

  private static void apply(
      Applier applier, ResourceType type, ObjectNode object, List<Action> actions) {
    try {
      applier.apply(actions);
    } catch (ApiException e) {
      if (e.code() != 409 && e.code() != 404) {
        applier.apply(
            new Action.Tell(
                type, object, true, "FailedCreate", "Error creating: " + e.getMessage()));
      }
      throw e;
    }
  }

  private List<ObjectNode> list(ResourceType type, String namespace) {
    return store.list(type, namespace, Selector.ALL).items();
  }

  @Override
  public void close() {
    jobs.close();
    crons.close();
  }
}
