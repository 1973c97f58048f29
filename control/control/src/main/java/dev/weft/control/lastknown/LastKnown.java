package dev.weft.control.lastknown;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known of each member cluster on disk, so that a control plane that starts while a
 * cluster's API server is away goes on with what it knew, instead of taking endpoints away that
 * still serve. Two files for each cluster, {@code <cluster>.json} and {@code <cluster>.changes}; a
 * cluster that is no longer registered is forgotten.
 *
 * <p>The config API is not kept: without it there is no certificate authority and nobody to ask
 * about tokens, so a control plane could not serve anyway.
 */
public final class LastKnown implements Consumer<ConfigSet>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastKnown.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Path directory;
  private final Duration pause;
  private final InstantSource clock;
  private final AtomicReference<@Nullable ConfigSet> latest = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  // Confined to the thread that tells of config sets.
  private final Map<ClusterId, SyncState> states = new HashMap<>();
  // Confined to the writing thread once that runs.
  private final Map<ClusterId, ClusterFacts> seen = new HashMap<>();
  private final Map<ClusterId, KeptMember> kept = new HashMap<>();
  private String complaint = "";
  private @Nullable Thread thread;

  /**
   * Of a directory, which is made where it is missing.
   *
   * @param directory holds nothing else
   */
  public LastKnown(Path directory, InstantSource clock) {
    this(directory, clock, PAUSE);
  }

  /**
   * @param pause between two looks at what has changed
   */
  LastKnown(Path directory, InstantSource clock, Duration pause) {
    this.directory = directory;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * What is on the disk. A file that cannot be used is named in a warning and counts as not there.
   * To be called once, before {@link #start}.
   */
  public List<ConfigEvent.ClusterRemembered> load() {
    List<ConfigEvent.ClusterRemembered> found = new ArrayList<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.startsWith(".")) {
        // Half written when an earlier process ended.
        continue;
      }
      if (name.endsWith(KeptMember.CHANGES)) {
        // Read with the file that it belongs to.
        continue;
      }
      String stem = stem(name);
      if (!Names.isLabel(stem)) {
        log.warn(
            "{} is ignored: its name is not that of a cluster with {}", file, KeptMember.SUFFIX);
        continue;
      }
      ClusterId cluster = new ClusterId(stem);
      KeptMember member = new KeptMember(directory, cluster);
      kept.put(cluster, member);
      try {
        MemberFile known = member.load();
        found.add(new ConfigEvent.ClusterRemembered(known.facts(), known.changed()));
      } catch (IOException e) {
        log.warn("{} is ignored: {}", file, e.getMessage());
      }
    }
    return List.copyOf(found);
  }

  private static String stem(String name) {
    return name.endsWith(KeptMember.SUFFIX)
        ? name.substring(0, name.length() - KeptMember.SUFFIX.length())
        : "";
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(directory)) {
      return list.sorted().toList();
    } catch (IOException e) {
      log.warn("what was known of member clusters cannot be read: {}", e.toString());
      return List.of();
    }
  }

  /** Starts writing what is told. */
  public void start() {
    thread = Thread.ofVirtual().name("last-known").start(this::run);
  }

  /**
   * Takes in what the mesh is made of: only sets that hold every cluster that is registered.
   * Returns at once.
   */
  @Override
  public void accept(ConfigSet config) {
    latest.set(config);
    for (ClusterFacts facts : config.clusters().values()) {
      SyncState before = states.put(facts.id(), facts.state());
      if (facts.state() == SyncState.LAST_KNOWN && before != SyncState.LAST_KNOWN) {
        log.warn("cluster {}: {}", facts.id(), facts.message());
      } else if (before == SyncState.LAST_KNOWN && facts.state() == SyncState.SYNCED) {
        log.info("cluster {}: read again, what was known last is replaced", facts.id());
      }
    }
    states.keySet().retainAll(config.clusters().keySet());
  }

  /** Writes what is new still, and ends. */
  @Override
  public void close() {
    closed.countDown();
    Thread writing = thread;
    if (writing != null) {
      try {
        if (!writing.join(Duration.ofSeconds(5))) {
          log.warn("{}: still writing", directory);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      boolean open = true;
      while (open) {
        open = !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        ConfigSet config = latest.getAndSet(null);
        if (config != null) {
          attempt(config);
        }
      }
    } catch (InterruptedException e) {
      log.debug("interrupted");
    }
  }

  private void attempt(ConfigSet config) {
    try {
      keep(config);
      complaint = "";
    } catch (IOException e) {
      if (!complaint.equals(e.toString())) {
        complaint = e.toString();
        log.warn("what is known of member clusters cannot be kept, trying again: {}", complaint);
      }
      latest.compareAndSet(null, config);
    }
  }

  private void keep(ConfigSet config) throws IOException {
    for (ClusterFacts facts : config.clusters().values()) {
      // A cluster that did not change is the same object as before.
      if (seen.get(facts.id()) == facts) {
        continue;
      }
      switch (facts.state()) {
        case SYNCED, LOST ->
            kept.computeIfAbsent(facts.id(), id -> new KeptMember(directory, id))
                .keep(facts.in(SyncState.LAST_KNOWN, ""), clock.instant());
        case SYNCING, LAST_KNOWN, REJECTED -> {}
      }
      seen.put(facts.id(), facts);
    }
    seen.keySet().retainAll(config.clusters().keySet());
    for (Map.Entry<ClusterId, KeptMember> member : List.copyOf(kept.entrySet())) {
      if (!config.clusters().containsKey(member.getKey())) {
        member.getValue().forget();
        kept.remove(member.getKey());
        log.info(
            "cluster {}: no longer registered, what was known of it is forgotten", member.getKey());
      }
    }
  }
}
