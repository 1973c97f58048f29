package dev.weft.control.ads;

import dev.weft.translate.Translation;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all connections share. Thread-safe. */
record AdsCore(
    AdsSettings settings,
    Translation translation,
    AdsMetrics metrics,
    Semaphore workers,
    AtomicReference<@Nullable Published> latest) {

  AdsCore(AdsSettings settings, Translation translation, AdsMetrics metrics) {
    this(
        settings,
        translation,
        metrics,
        new Semaphore(settings.pushWorkers()),
        new AtomicReference<>());
  }

  /** Null until there is a first snapshot: until then nobody is answered. */
  @Nullable Published published() {
    return latest.get();
  }
}
