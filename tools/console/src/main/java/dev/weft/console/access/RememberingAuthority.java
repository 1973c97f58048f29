package dev.weft.console.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps verdicts for a moment, by the hash of the token, and bounds how many are asked for at once:
 * a page asks for ten things, and whoever guesses tokens must not keep the config API busy. A right
 * that is taken away ends {@link #KEPT} later here; what is written is judged by the config API
 * itself. Thread-safe.
 */
public final class RememberingAuthority implements Authority {
  /** How long a verdict holds. */
  public static final Duration KEPT = Duration.ofSeconds(20);

  private static final Duration REFUSAL_KEPT = Duration.ofSeconds(5);
  private static final int MAX = 1_000;
  private static final int AT_ONCE = 8;

  private final Authority asked;
  private final InstantSource clock;
  private final Semaphore asking = new Semaphore(AT_ONCE);
  // Guarded by itself; the one that was used longest ago goes first.
  private final Map<String, Kept> kept =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MAX;
        }
      };

  private record Kept(Verdict verdict, Instant until) {}

  public RememberingAuthority(Authority asked, InstantSource clock) {
    this.asked = asked;
    this.clock = clock;
  }

  @Override
  public Verdict judge(String token) {
    String key = hash(token);
    Verdict before = known(key);
    if (before != null) {
      return before;
    }
    if (!asking.tryAcquire()) {
      return new Verdict.Unanswered("too many tokens are new at once; try again in a second");
    }
    try {
      Verdict verdict = asked.judge(token);
      keep(key, verdict);
      return verdict;
    } finally {
      asking.release();
    }
  }

  private @Nullable Verdict known(String key) {
    synchronized (kept) {
      Kept found = kept.get(key);
      return found != null && clock.instant().isBefore(found.until()) ? found.verdict() : null;
    }
  }

  private void keep(String key, Verdict verdict) {
    Duration time =
        switch (verdict) {
          case Verdict.Admitted a -> KEPT;
          case Verdict.Unknown u -> REFUSAL_KEPT;
          case Verdict.Stranger s -> REFUSAL_KEPT;
          case Verdict.Unanswered u -> Duration.ZERO;
        };
    if (time.isPositive()) {
      synchronized (kept) {
        kept.put(key, new Kept(verdict, clock.instant().plus(time)));
      }
    }
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
