package dev.weft.console;

import dev.weft.topology.history.MeshEvent;
import dev.weft.topology.picture.View;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: a picture with every look at the mesh, and what happened. How many there are
 * is bounded for all clients together, and one that takes nothing for a while is ended. Whether its
 * token is still good is asked again with every picture. Thread-safe.
 */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
  static final int MAX = 32;
  private static final int MAX_EVENTS = 200;
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(15);

  private final ConsoleParts parts;
  private final Guard guard;
  private final Recorder recorder;
  private final Pictures pictures;
  private final Semaphore places = new Semaphore(MAX);
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();

  Streams(ConsoleParts parts, Guard guard, Recorder recorder, Pictures pictures) {
    this.parts = parts;
    this.guard = guard;
    this.recorder = recorder;
    this.pictures = pictures;
    recorder.each(this::endThoseThatTakeNothing);
  }

  /** A stream of a view; begins when it is written. */
  Streaming of(View view, Call call) throws ProblemException {
    if (!places.tryAcquire()) {
      throw new ProblemException(
          Status.SERVICE_UNAVAILABLE_503,
          "too-many-streams",
          MAX + " streams are open already: ask for single pictures, or close another window");
    }
    return response -> {
      Stream stream = new Stream(view, call, Thread.currentThread());
      open.add(stream);
      try {
        stream.run(response);
      } finally {
        open.remove(stream);
        places.release();
      }
    };
  }

  private void endThoseThatTakeNothing() {
    Instant limit = parts.clock().instant().minus(LONGEST_WRITE);
    for (Stream stream : open) {
      Instant since = stream.writing;
      if (since != null && since.isBefore(limit)) {
        // Ends the write, and with it the connection.
        stream.thread.interrupt();
      }
    }
  }

  /** One client. Confined to its thread, but for when it began to write. */
  private final class Stream {
    private final View view;
    private final Call call;
    private final Thread thread;
    private volatile @Nullable Instant writing;
    private long lastEvent;

    private Stream(View view, Call call, Thread thread) {
      this.view = view;
      this.call = call;
      this.thread = thread;
    }

    void run(ServerResponse response) {
      List<MeshEvent> known = recorder.history().events(0, 1);
      lastEvent = known.isEmpty() ? 0 : known.getLast().id();
      long beat = recorder.beats();
      // What cannot be drawn at all is an answer of its own.
      byte[] picture = picture();
      response
          .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
          .header(HeaderNames.CACHE_CONTROL, "no-store");
      try (OutputStream out = response.outputStream()) {
        write(out, "picture", picture);
        while (recorder.awaitAfter(beat) && mayStay()) {
          beat = recorder.beats();
          write(out, "picture", picture());
          List<MeshEvent> news = recorder.history().events(lastEvent, MAX_EVENTS);
          if (!news.isEmpty()) {
            lastEvent = news.getLast().id();
            write(out, "events", Json.bytes(news));
          }
        }
      } catch (InterruptedException e) {
        LOG.debug("a stream of {} ends", call.caller());
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("a stream of {} ended: {}", call.caller(), e.getMessage());
      } catch (RuntimeException e) {
        // It has begun, so that it can only end: the client asks again.
        LOG.error("a stream of {} failed", call.caller(), e);
      }
    }

    private byte[] picture() {
      return pictures.of(view, Optional.empty()).json().array();
    }

    private boolean mayStay() {
      try {
        Caller unused = guard.caller(call.request());
        return true;
      } catch (ProblemException e) {
        // While nobody can say, what was said last holds.
        return e.status().equals(Status.SERVICE_UNAVAILABLE_503);
      }
    }

    private void write(OutputStream out, String event, byte[] json) throws IOException {
      writing = parts.clock().instant();
      out.write(("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
      out.write(json);
      out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      writing = null;
    }
  }
}
