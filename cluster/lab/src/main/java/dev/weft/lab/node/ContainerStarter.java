package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ApiException;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Input;
import dev.weft.lab.container.ContainerRuntime.Mount;
import dev.weft.lab.container.ContainerRuntime.Spec;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns a container of a pod into a running process. Confined to the pod's worker. */
final class ContainerStarter {
  private final NodeContext node;
  private final Volumes volumes;

  ContainerStarter(NodeContext node, Volumes volumes) {
    this.node = node;
    this.volumes = volumes;
  }

  /**
   * @param run 0 for the first run
   * @throws StartException with the reason that the status shows
   */
  Container start(
      PodSpec pod, ContainerSpec container, PodNetwork network, Image image, int run, String id)
      throws StartException {
    DownwardFields fields = new DownwardFields(pod, node.name(), node.address(), network.address());
    Path directory = node.podDirectory(pod.uid());
    Path log = LogFiles.file(directory.resolve("logs"), container.name(), run);
    try {
      Map<String, String> environment =
          new Environment(node.store(), fields).of(container.json(), image.environment());
      environment.putIfAbsent(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
      List<Mount> mounts = volumes.mounts(pod, container.json(), environment);
      Files.createDirectories(log.getParent());
      Path scratch = directory.resolve("containers").resolve(container.name() + "-" + run);
      Directories.delete(scratch);
      Files.createDirectories(scratch);
      String workingDirectory = container.json().path("workingDir").asText("");
      return node.runtime()
          .start(
              new Spec(
                  id,
                  scratch,
                  network.place(),
                  command(container.json(), image, environment),
                  environment,
                  workingDirectory.isEmpty() ? "/" : workingDirectory,
                  mounts,
                  SecurityContext.of(pod, container, image),
                  pod.hostname(),
                  PodFiles.resolvConf(pod, node.dnsAddress()),
                  PodFiles.hosts(pod, network.address()),
                  input(container.json()),
                  memoryBytes(container.json()),
                  log));
    } catch (ConfigException | ApiException e) {
      throw new StartException("CreateContainerConfigError", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartException("RunContainerError", String.valueOf(e.getMessage()));
    }
  }

  /** 0 for no limit. */
  static long memoryBytes(JsonNode container) {
    String limit = container.path("resources").path("limits").path("memory").asText("");
    return limit.isEmpty() ? 0 : Quantity.parse(limit).value().longValue();
  }

  private static Input input(JsonNode container) {
    if (!container.path("stdin").asBoolean(false)) {
      return Input.NONE;
    }
    return container.path("stdinOnce").asBoolean(false) ? Input.ONCE : Input.OPEN;
  }

  private static List<String> command(
      JsonNode container, Image image, Map<String, String> environment) {
    List<String> command = Trees.texts(container.path("command"));
    List<String> arguments = Trees.texts(container.path("args"));
    List<String> result = new ArrayList<>();
    if (command.isEmpty()) {
      result.addAll(image.entrypoint());
      if (arguments.isEmpty()) {
        result.addAll(image.arguments());
      }
    }
    command.forEach(each -> result.add(Expansion.expand(each, environment)));
    arguments.forEach(each -> result.add(Expansion.expand(each, environment)));
    return result;
  }
}
