package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is asked of a lab on its control socket. */
final class LabRequests implements ControlSocket.Handler {
  private static final long PROGRESS_WAIT_MS = 500;

  private final LabParts parts;
  private final Life life;

  /**
   * The lab as a whole.
   *
   * @param still for how long nothing has moved
   * @param again goes on after a failure
   */
  record Life(
      Lines progress,
      Supplier<LabStatus> status,
      Supplier<Duration> still,
      Runnable again,
      Runnable onDown) {}

  LabRequests(LabParts parts, Life life) {
    this.parts = parts;
    this.life = life;
  }

  @Override
  public ObjectNode answer(JsonNode request) {
    String operation = request.path("op").asText();
    return switch (operation) {
      case "ping" -> Trees.object().put("phase", life.status().get().phase());
      case "status" -> LabStatuses.write(life.status().get());
      case "progress" -> progress(request.path("from").asInt());
      case "down" -> {
        Thread.ofPlatform().start(life.onDown());
        yield Trees.object().put("ok", true);
      }
      case "again" -> {
        life.again().run();
        yield Trees.object().put("ok", true);
      }
      case "image" -> {
        parts.nodes().forEach(each -> each.kubelet().imagesChanged());
        yield Trees.object().put("ok", true);
      }
      case "stop", "start", "kill" -> operate(operation, request.path("name").asText());
      default -> Trees.object().put("error", "unknown operation " + operation);
    };
  }

  private ObjectNode progress(int from) {
    ObjectNode answer = Trees.object();
    try {
      life.progress().after(from, PROGRESS_WAIT_MS).forEach(answer.putArray("lines")::add);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer
        .put("ended", life.progress().ended())
        .put("waiting", life.status().get().message())
        .put("still", life.still().get().toMillis());
  }

  private ObjectNode operate(String operation, String name) {
    Optional<SupervisedProcess> process = parts.process(name);
    if (process.isPresent()) {
      switch (operation) {
        case "stop" -> process.get().stop();
        case "start" -> process.get().start();
        default -> process.get().kill(false);
      }
      return Trees.object().put("ok", true);
    }
    for (Member each : parts.members()) {
      if (name.equals("apiserver/" + each.name())) {
        return operate(operation, each);
      }
    }
    List<String> names = new ArrayList<>();
    parts.processes().forEach(each -> names.add(each.state().name()));
    parts.members().forEach(each -> names.add("apiserver/" + each.name()));
    return Trees.object().put("error", "there is no part %s; there are %s".formatted(name, names));
  }

  private ObjectNode operate(String operation, Member member) {
    try {
      if (operation.equals("start")) {
        member.api().start();
        parts.writeKubeconfig();
      } else {
        member.api().stop();
      }
      return Trees.object().put("ok", true);
    } catch (IOException e) {
      return Trees.object().put("error", String.valueOf(e.getMessage()));
    }
  }
}
