package dev.weft.control.lastknown;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * still serve. One file for each cluster, replaced as a whole, {@code <cluster>.json}; a cluster
 * that is no longer registered is forgotten.
 *
 * <p>The config API is not kept: without it there is no certificate authority and nobody to ask
 * about tokens, so a control plane could not serve anyway.
 */
public final class LastKnown implements Consumer<ConfigSet>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastKnown.class);
  private static final String SUFFIX = ".json";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Path directory;
  private final Duration pause;
  private final InstantSource clock;
  private final AtomicReference<@Nullable ConfigSet> latest = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  // Confined to the thread that tells of config sets.
  private final Map<ClusterId, SyncState> states = new HashMap<>();
  // Confined to the writing thread once that runs: what is in the files, as far as it is known.
  private final Map<ClusterId, ClusterFacts> written = new HashMap<>();
  private final Map<ClusterId, ClusterFacts> seen = new HashMap<>();
  private final Set<ClusterId> files = new HashSet<>();
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
      String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
      if (!Names.isLabel(stem)) {
        log.warn("{} is ignored: its name is not that of a cluster with {}", file, SUFFIX);
        continue;
      }
      ClusterId cluster = new ClusterId(stem);
      try {
        ConfigEvent.ClusterRemembered known = MemberFile.read(cluster, Files.readAllBytes(file));
        files.add(cluster);
        written.put(cluster, known.facts());
        found.add(known);
      } catch (IOException e) {
        log.warn("{} is ignored: {}", file, e.getMessage());
      }
    }
    return List.copyOf(found);
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
        case SYNCED, LOST -> {
          ClusterFacts now = facts.in(SyncState.LAST_KNOWN, "");
          if (!now.equals(written.get(facts.id()))) {
            replace(facts.id(), MemberFile.write(now, clock.instant()));
            written.put(facts.id(), now);
          }
        }
        case SYNCING, LAST_KNOWN, REJECTED -> {}
      }
      seen.put(facts.id(), facts);
    }
    seen.keySet().retainAll(config.clusters().keySet());
    for (ClusterId cluster : List.copyOf(files)) {
      if (!config.clusters().containsKey(cluster)) {
        Files.deleteIfExists(file(cluster));
        files.remove(cluster);
        written.remove(cluster);
        log.info("cluster {}: no longer registered, what was known of it is forgotten", cluster);
      }
    }
  }

  private void replace(ClusterId cluster, byte[] content) throws IOException {
    Files.createDirectories(directory);
    Path next = directory.resolve("." + cluster + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        next, file(cluster), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    files.add(cluster);
  }

  private Path file(ClusterId cluster) {
    return directory.resolve(cluster + SUFFIX);
  }
}
