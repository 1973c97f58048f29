package dev.weft.console;

import dev.weft.topology.history.History;
import dev.weft.topology.picture.Level;
import dev.weft.topology.picture.Strip;
import dev.weft.topology.picture.View;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The picture of the mesh, now and within the last hour, and what happened. */
final class TopologyEndpoints {
  private static final int MAX_EVENTS = 2_000;
  private static final int LONGEST_SECONDS = (int) History.REACH.toSeconds();
  private static final int SHORTEST_STEP = 5;

  private final ConsoleParts parts;
  private final Recorder recorder;
  private final Pictures pictures;
  private final Streams streams;

  TopologyEndpoints(ConsoleParts parts, Recorder recorder, Pictures pictures, Streams streams) {
    this.parts = parts;
    this.recorder = recorder;
    this.pictures = pictures;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/topology", this::picture),
        Route.get("/topology/stream", this::stream),
        Route.get("/topology/strip", this::strip),
        Route.get("/events", this::events));
  }

  private Object picture(Call call) throws ProblemException {
    return new Ready(pictures.of(view(call), at(call)).json());
  }

  private Object stream(Call call) throws ProblemException {
    if (!call.parameter("at").isEmpty()) {
      throw ProblemException.badRequest("a stream is of now: leave 'at' out, or ask for a picture");
    }
    return streams.of(view(call), call);
  }

  private static View view(Call call) throws ProblemException {
    int window = call.number("window", (int) Pictures.RECENT.toSeconds(), 5, LONGEST_SECONDS);
    return new View(
        level(call.parameter("level")),
        new LinkedHashSet<>(call.list("clusters")),
        new LinkedHashSet<>(call.list("namespaces")),
        call.flag("services", false),
        call.flag("boxes", true),
        call.flag("idle", true),
        Duration.ofSeconds(window));
  }

  private static Level level(String written) throws ProblemException {
    if (written.isEmpty()) {
      return Level.WORKLOAD;
    }
    for (Level level : Level.values()) {
      if (level.toString().equals(written)) {
        return level;
      }
    }
    throw ProblemException.badRequest(
        "the parameter level is '" + written + "', but must be one of " + List.of(Level.values()));
  }

  /** Empty for now. */
  private Optional<Instant> at(Call call) throws ProblemException {
    String written = call.parameter("at");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Instant at = instant("at", written);
    Instant now = parts.clock().instant();
    if (at.isBefore(now.minus(History.REACH))) {
      throw ProblemException.badRequest(
          "the parameter at is " + at + ", but nothing older than an hour is kept");
    }
    // Clocks of browsers differ from ours.
    return at.isBefore(now) ? Optional.of(at) : Optional.empty();
  }

  private static Instant instant(String name, String written) throws ProblemException {
    try {
      return Instant.parse(written);
    } catch (DateTimeParseException e) {
      throw ProblemException.badRequest(
          "the parameter "
              + name
              + " is '"
              + written
              + "', but must be an instant such as 2026-01-02T03:04:05Z");
    }
  }

  private Strip strip(Call call) throws ProblemException {
    int step = call.number("step", 30, SHORTEST_STEP, LONGEST_SECONDS);
    Instant now = parts.clock().instant();
    Instant oldest = now.minus(History.REACH);
    Instant to = call.parameter("to").isEmpty() ? now : instant("to", call.parameter("to"));
    Instant from =
        call.parameter("from").isEmpty() ? oldest : instant("from", call.parameter("from"));
    from = from.isBefore(oldest) ? oldest : from;
    to = to.isAfter(now) ? now : to;
    if (!from.isBefore(to)) {
      throw ProblemException.badRequest(
          "the parameters from and to leave no time: " + from + " to " + to);
    }
    Duration length = Duration.ofSeconds(step);
    return Strip.of(
        from,
        to,
        length,
        parts.traffic().strip(from, to, length),
        recorder.history().events(0, MAX_EVENTS));
  }

  private Object events(Call call) throws ProblemException {
    return recorder
        .history()
        .events(call.number("since", 0, 0, 999_999_999), call.number("limit", 500, 1, MAX_EVENTS));
  }
}
