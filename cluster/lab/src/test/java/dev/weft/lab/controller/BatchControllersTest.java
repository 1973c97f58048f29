package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and CronJobs on an API server, whose pods end when the test says so. */
final class BatchControllersTest {
  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: sum, namespace: default}
      spec:
        completions: 2
        template: {spec: {restartPolicy: Never, containers: [{name: c, image: host}]}}
      """;

  @TempDir Path directory;
  private volatile Instant now = Instant.now();
  private ApiServer api;
  private ObjectStore store;
  private Feed feed;
  private ClusterControllers controllers;
  private final BlockingQueue<String> moves = new LinkedBlockingQueue<>();

  @BeforeEach
  void up() throws IOException {
    api =
        ApiServer.open(
            new ApiServerSettings("c1", directory, 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("there are no services");
            });
    store = api.objects();
    store.register(Kinds.ADDRESS_POOLS);
    store.register(Kinds.L2_ADVERTISEMENTS);
    feed = new Feed(store);
    controllers =
        new ClusterControllers(
            feed,
            new Events(store, () -> now),
            new ClusterControllers.Settings("PEM", List.of()),
            () -> now);
    for (ResourceType each : List.of(Kinds.JOBS, Kinds.CRON_JOBS, Kinds.PODS)) {
      feed.on(each, (change, object) -> moves.add(change + " " + ObjectKey.of(object)));
    }
    feed.start();
    controllers.start();
  }

  @AfterEach
  void down() throws IOException {
    controllers.close();
    feed.close();
    api.close();
  }

  private List<ObjectNode> list(ResourceType type) {
    return store.list(type, "default", Selector.ALL).items();
  }

  private List<ObjectNode> until(ResourceType type, Predicate<List<ObjectNode>> good)
      throws InterruptedException {
    while (true) {
      List<ObjectNode> seen = list(type);
      if (good.test(seen)) {
        return seen;
      }
      if (moves.poll(60, TimeUnit.SECONDS) == null) {
        throw new AssertionError("nothing moves any more; last seen: " + seen);
      }
    }
  }

  private void succeed(JsonNode pod) {
    store.mergePatchStatus(
        Kinds.PODS, "default", Meta.name(pod), Trees.yaml("status: {phase: Succeeded}"));
  }

  private static boolean runs(JsonNode pod) {
    return !PodFacts.finished(pod);
  }

  @Test
  void a_job_makes_its_pods_one_after_the_other_and_is_complete() throws Exception {
    store.create(Kinds.JOBS, "default", Trees.yaml(JOB));

    succeed(until(Kinds.PODS, pods -> pods.size() == 1).getFirst());
    List<ObjectNode> two = until(Kinds.PODS, pods -> pods.size() == 2);
    two.stream().filter(BatchControllersTest::runs).forEach(this::succeed);

    ObjectNode job = until(Kinds.JOBS, jobs -> JobStatus.succeeded(jobs.getFirst())).getFirst();
    assertThat(job.at("/status/succeeded").asInt()).isEqualTo(2);
    assertThat(job.at("/status").has("active")).isFalse();
    assertThat(Meta.labels(two.getFirst())).containsEntry("job-name", "sum");
  }

  @Test
  void a_cron_job_makes_jobs_by_the_clock_and_takes_them_along() throws Exception {
    now = Instant.parse("2031-01-01T00:00:00Z");
    ObjectNode cron =
        Trees.yaml(
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: tidy, namespace: default}
            spec:
              schedule: "0 0 1 * *"
              startingDeadlineSeconds: 60
              jobTemplate:
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: host}]}}}
            """);
    store.create(Kinds.CRON_JOBS, "default", cron);

    List<ObjectNode> jobs = until(Kinds.JOBS, all -> all.size() == 1);
    assertThat(Meta.name(jobs.getFirst())).isEqualTo("tidy-" + now.getEpochSecond() / 60);
    until(
        Kinds.CRON_JOBS,
        all -> all.getFirst().at("/status/active/0/name").asText().startsWith("tidy-"));
    succeed(until(Kinds.PODS, pods -> pods.size() == 1).getFirst());
    until(
        Kinds.CRON_JOBS,
        all ->
            all.getFirst().at("/status/active").isEmpty()
                && all.getFirst().at("/status").has("lastSuccessfulTime"));

    store.delete(Kinds.CRON_JOBS, "default", "tidy", ObjectStore.DeleteOptions.BACKGROUND);
    until(Kinds.JOBS, List::isEmpty);
    until(Kinds.PODS, List::isEmpty);
  }
}
