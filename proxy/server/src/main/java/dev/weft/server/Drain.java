package dev.weft.server;

import java.util.concurrent.CompletableFuture;

/**
 * A drain under way: connections end when their request ends, or when the time is up.
 *
 * @param finished completes when no connection is left
 */
public record Drain(CompletableFuture<Void> finished) {
  /** Whether no connection is left. */
  public boolean done() {
    return finished.isDone();
  }
}
