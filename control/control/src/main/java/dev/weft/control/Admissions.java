package dev.weft.control;

import dev.weft.loop.Clock;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Reads what is asked of webhooks and has it answered, within bounds: of one body, of all bodies
 * together, and of how many are looked at at once, which happens on threads that discovery has no
 * need of. Whoever reaches the port may ask. Thread-safe.
 */
final class Admissions implements AutoCloseable {
  /** Of one body: what an API server takes itself. */
  static final int LARGEST = 3 << 20;

  /** As long as an API server waits for a webhook, where it is told nothing else. */
  private static final Duration MAX_TIME = Duration.ofSeconds(10);

  private static final int AT_ONCE = 2;
  private static final int WAITING = 64;
  private static final int STEP = 64 << 10;

  /** Of all bodies: steps. */
  private static final int BUDGET = (24 << 20) / STEP;

  private final Semaphore budget = new Semaphore(BUDGET);
  private final ThreadPoolExecutor threads;
  private final Clock clock;

  Admissions(Clock clock) {
    this.clock = clock;
    threads =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("webhook-", 0).daemon().factory());
  }

  /** A body that is not taken. */
  private static final class TurnedAwayException extends Exception {
    final Status status;

    TurnedAwayException(Status status, String message) {
      super(message);
      this.status = status;
    }
  }

  /** A body and the steps of the budget that it takes. */
  private final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int steps;

    void read(InputStream in) throws IOException, TurnedAwayException {
      long deadline = clock.nanos() + MAX_TIME.toNanos();
      byte[] part = new byte[STEP];
      for (int size = in.read(part); size >= 0; size = in.read(part)) {
        if (bytes.size() + size > LARGEST) {
          throw new TurnedAwayException(
              Status.REQUEST_ENTITY_TOO_LARGE_413, "Request entity too large: limit is " + LARGEST);
        }
        if (clock.nanos() - deadline > 0) {
          throw new TurnedAwayException(
              Status.REQUEST_TIMEOUT_408, "the body took more than " + MAX_TIME);
        }
        while (steps * STEP < bytes.size() + size) {
          if (!budget.tryAcquire()) {
            throw new TurnedAwayException(
                Status.SERVICE_UNAVAILABLE_503, "too many admission reviews at once; try again");
          }
          steps++;
        }
        bytes.write(part, 0, size);
      }
    }

    void done() {
      budget.release(steps);
    }
  }

  /** Answers a review, or says why not. */
  void answer(ServerRequest request, ServerResponse response, UnaryOperator<byte[]> judge) {
    Body body = new Body();
    try {
      body.read(request.content().inputStream());
      byte[] review = body.bytes.toByteArray();
      byte[] verdict = CompletableFuture.supplyAsync(() -> judge.apply(review), threads).join();
      response.header(HeaderNames.CONTENT_TYPE, "application/json").send(verdict);
    } catch (TurnedAwayException e) {
      refuse(response, e.status, String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      refuse(
          response,
          Status.SERVICE_UNAVAILABLE_503,
          "too many admission reviews at once; try again");
    } catch (IOException e) {
      refuse(response, Status.BAD_REQUEST_400, "the body cannot be read: " + e.getMessage());
    } finally {
      body.done();
    }
  }

  /** What is left of the body is not waited for. */
  private static void refuse(ServerResponse response, Status status, String message) {
    response.status(status).header(HeaderNames.CONNECTION, "close").send(message + "\n");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
