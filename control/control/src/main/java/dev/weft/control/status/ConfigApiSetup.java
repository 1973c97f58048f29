package dev.weft.control.status;

import dev.weft.config.ConfigKind;
import dev.weft.config.ControlIdentity;
import dev.weft.discovery.KubeApi;
import dev.weft.loop.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts into the config API what the mesh needs there: its types and the namespace of the mesh.
 * Tries until it works, since the API may come up later.
 */
public final class ConfigApiSetup implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigApiSetup.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(3));

  private final KubeApi api;
  private final String rootNamespace;
  private final String settings;
  private final CountDownLatch closed = new CountDownLatch(1);

  public ConfigApiSetup(KubeApi api, ControlIdentity control) {
    this.api = api;
    this.rootNamespace = control.rootNamespace();
    this.settings = control.settings();
  }

  /**
   * Starts trying on a thread of its own; closing ends it.
   *
   * @param next run once, when everything is in place, or when the API answers but does not allow
   *     it (somebody else may have put it there)
   */
  public AutoCloseable start(Runnable next) {
    Thread.ofVirtual().name("config-api-setup").start(() -> run(next));
    return this;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void run(Runnable next) {
    boolean begun = false;
    for (int failures = 1; closed.getCount() > 0; failures++) {
      try {
        once();
        log.info("config API at {}: types are in place", api.server());
        if (!begun) {
          next.run();
        }
        return;
      } catch (KubeApi.RefusedException e) {
        log.warn("config API: {}; trying again", e.getMessage());
        if (!begun && (e.status() == 401 || e.status() == 403)) {
          begun = true;
          next.run();
        }
        try {
          Duration pause = BACKOFF.delay(failures, ThreadLocalRandom.current());
          if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void once() throws KubeApi.RefusedException {
    createMissing(
        "/api/v1/namespaces",
        rootNamespace,
        Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", rootNamespace)));
    createMissing(
        "/api/v1/namespaces/" + rootNamespace + "/configmaps",
        settings,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Map.of("name", settings, "namespace", rootNamespace),
            "data",
            Map.of("mesh", SETTINGS)));
    List<Map<String, Object>> crds = Crds.all();
    ConfigKind[] kinds = ConfigKind.values();
    for (int i = 0; i < kinds.length; i++) {
      crd(kinds[i], crds.get(i));
    }
  }

  private void crd(ConfigKind kind, Map<String, Object> wanted) throws KubeApi.RefusedException {
    String path = Crds.path(kind);
    Optional<Map<String, Object>> there = api.get(path);
    if (there.isEmpty()) {
      createMissing(
          path.substring(0, path.lastIndexOf('/')),
          path.substring(path.lastIndexOf('/') + 1),
          wanted);
      return;
    }
    switch (CrdUpkeep.decide(there.get(), wanted, kind.versions().getFirst())) {
      case CrdUpkeep.Decision.Keep _ -> {}
      case CrdUpkeep.Decision.Update update -> api.replace(path, update.definition());
      case CrdUpkeep.Decision.Leave leave -> {
        if (!leave.lacks().isEmpty()) {
          log.warn(
              "config API: CustomResourceDefinition {}.{} was installed by somebody else and lacks"
                  + " {}, which has no effect or is lost there; bring that installation up to date",
              kind.plural(),
              kind.group(),
              String.join(", ", leave.lacks()));
        }
      }
    }
  }

  /** The defaults, spelled out as a start for those who want others. */
  private static final String SETTINGS =
      """
      trustDomain: cluster.local
      enableAutoMtls: true
      accessLogFile: /dev/stdout
      # asm, istio-json, text, or a format of your own with accessLogEncoding TEXT or JSON
      accessLogFormat: asm
      connectTimeout: 10s
      outboundTrafficPolicy:
        mode: ALLOW_ANY
      defaultConfig:
        proxyMetadata:
          ISTIO_META_DNS_CAPTURE: "true"
      weft:
        certificateLifetime: 24h
      """;

  private void createMissing(String collection, String name, Map<String, Object> object)
      throws KubeApi.RefusedException {
    if (api.get(collection + "/" + name).isPresent()) {
      return;
    }
    try {
      api.create(
          collection, collection.endsWith("definitions") ? CrdUpkeep.marked(object) : object);
    } catch (KubeApi.RefusedException e) {
      if (!e.conflict()) {
        throw e;
      }
    }
  }
}
