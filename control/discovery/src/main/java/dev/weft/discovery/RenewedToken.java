package dev.weft.discovery;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token that others renew. It is asked for with every request, and once more after an
 * answer 401; while it cannot be read, the last one goes on, since it may be valid for a while.
 *
 * <p>Thread-safe.
 */
final class RenewedToken implements OAuthTokenProvider {
  private static final Logger log = LoggerFactory.getLogger(RenewedToken.class);

  private final String origin;
  private final Reading reading;
  private final Duration keep;
  private final InstantSource clock;
  // Guarded by this.
  private String last = "";
  private Instant read = Instant.MIN;
  private boolean failing;

  /** Where the token comes from. */
  @FunctionalInterface
  interface Reading {
    String token() throws IOException;
  }

  /**
   * @param origin for messages
   * @param keep how long what was read is good, for sources that cost something
   */
  RenewedToken(String origin, Reading reading, Duration keep, InstantSource clock) {
    this.origin = origin;
    this.reading = reading;
    this.keep = keep;
    this.clock = clock;
  }

  /** A token in a file, read with every request: kubelets and agents replace it before it ends. */
  static RenewedToken file(Path file) {
    return new RenewedToken(
        "file " + file,
        () -> Files.readString(file).strip(),
        Duration.ZERO,
        InstantSource.system());
  }

  @Override
  public synchronized String getToken() {
    Instant now = clock.instant();
    if (!last.isEmpty() && now.isBefore(read.plus(keep))) {
      return last;
    }
    try {
      String token = reading.token();
      if (token.isEmpty()) {
        throw new IOException("it is empty");
      }
      last = token;
      read = now;
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn("the token of the {} cannot be read, the last one goes on: {}", origin, reason(e));
      }
    }
    return last;
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
