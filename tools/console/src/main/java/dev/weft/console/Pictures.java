package dev.weft.console;

import dev.weft.console.view.Flows;
import dev.weft.console.view.Moment;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Topology;
import dev.weft.topology.Traffic;
import dev.weft.topology.layout.Layouts;
import dev.weft.topology.picture.Drawing;
import dev.weft.topology.picture.Picture;
import dev.weft.topology.picture.PictureInput;
import dev.weft.topology.picture.View;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of the mesh. All who look at the same view at the same time get the same one, drawn
 * once; the last few are kept, and few are drawn at once. Thread-safe.
 */
final class Pictures {
  /** Over which services and workloads are summed up. */
  static final Duration RECENT = Duration.ofSeconds(60);

  /** Each at most some megabyte with its JSON. */
  private static final int MAX = 24;

  private static final int MAX_LAYOUTS = 24;
  private static final int DRAWN_AT_ONCE = 2;

  private final ConsoleParts parts;
  private final Recorder recorder;
  private final Layouts layouts = new Layouts(MAX_LAYOUTS);
  private final Semaphore pens = new Semaphore(DRAWN_AT_ONCE);
  // Guarded by itself; the one that was used longest ago goes first.
  private final Map<Key, CompletableFuture<Drawn>> kept =
      new LinkedHashMap<>(32, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<Drawn>> eldest) {
          return size() > MAX;
        }
      };
  private volatile @Nullable Recent recent;

  /**
   * What makes two pictures the same one.
   *
   * @param beat of a picture of now; 0 of one of the past
   */
  private record Key(View view, Optional<Instant> at, long beat) {}

  /** A picture, and the same as JSON. */
  record Drawn(Picture picture, Bytes json) {}

  /** What flowed lately. */
  record Recent(long beat, Traffic traffic, Flows flows) {}

  Pictures(ConsoleParts parts, Recorder recorder) {
    this.parts = parts;
    this.recorder = recorder;
  }

  /**
   * The picture of a view.
   *
   * @param at a moment of the past; empty for now
   */
  Drawn of(View view, Optional<Instant> at) {
    Key key = new Key(view, at, at.isEmpty() ? recorder.beats() : 0);
    CompletableFuture<Drawn> mine = new CompletableFuture<>();
    CompletableFuture<Drawn> first;
    synchronized (kept) {
      first = kept.putIfAbsent(key, mine);
    }
    if (first == null) {
      draw(key, mine);
      first = mine;
    }
    try {
      return first.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void draw(Key key, CompletableFuture<Drawn> result) {
    pens.acquireUninterruptibly();
    try {
      Instant end = key.at().orElseGet(() -> parts.clock().instant());
      Moment moment = parts.mesh().get();
      Picture picture =
          Drawing.of(
              new PictureInput(
                  end,
                  moment.snapshot(),
                  moment.findings(),
                  parts.traffic().between(end.minus(key.view().window()), end),
                  recorder.history()),
              key.view(),
              layouts);
      boolean unused = result.complete(new Drawn(picture, new Bytes(Json.bytes(picture))));
    } catch (RuntimeException e) {
      synchronized (kept) {
        kept.remove(key);
      }
      boolean unused = result.completeExceptionally(e);
    } finally {
      pens.release();
    }
  }

  /** What flowed in the last minute, as of the last look at the mesh. */
  Recent recent() {
    long beat = recorder.beats();
    Recent known = recent;
    if (known != null && known.beat() == beat) {
      return known;
    }
    Instant now = parts.clock().instant();
    Traffic traffic = parts.traffic().between(now.minus(RECENT), now);
    MeshSnapshot snapshot = parts.mesh().get().snapshot();
    Recent made =
        new Recent(beat, traffic, Flows.of(Topology.of(RECENT, traffic.flows(), snapshot)));
    recent = made;
    return made;
  }
}
