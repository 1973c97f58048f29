package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.container.ContainerRuntime.Mount;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The volumes of one pod on the host. Confined to the pod's worker.
 *
 * <p>Files have the modes that the pod asks for; it is the lab's directory above them that keeps
 * other users of the machine out.
 */
final class Volumes {

  /** What is made in such a directory belongs to its group. */
  private static final int SET_GROUP = 02000;

  private final ObjectStore store;
  private final TokenSource tokens;
  private final InstantSource clock;
  private final Path root;
  private final Map<String, IssuedToken> issued = new HashMap<>();

  private record IssuedToken(TokenSource.Token token, Instant refresh) {}

  Volumes(ObjectStore store, TokenSource tokens, InstantSource clock, Path root) {
    this.store = store;
    this.tokens = tokens;
    this.clock = clock;
    this.root = root;
  }

  /**
   * Brings all volumes up to date.
   *
   * @throws ConfigException for something that is not there and not optional
   */
  void prepare(PodSpec pod, DownwardFields fields) throws ConfigException, IOException {
    for (JsonNode volume : pod.spec().path("volumes")) {
      prepare(volume, pod, fields);
    }
  }

  /** When a token of the pod is to be replaced. */
  Optional<Instant> nextRefresh() {
    return issued.values().stream().map(IssuedToken::refresh).min(Instant::compareTo);
  }

  List<Mount> mounts(PodSpec pod, JsonNode container, Map<String, String> environment)
      throws ConfigException, IOException {
    List<Mount> result = new ArrayList<>();
    for (JsonNode each : container.path("volumeMounts")) {
      String path = each.path("mountPath").asText();
      result.add(mount(pod, each, path, environment));
    }
    return result;
  }

  private Mount mount(PodSpec pod, JsonNode mount, String path, Map<String, String> environment)
      throws ConfigException, IOException {
    String name = mount.path("name").asText();
    JsonNode volume = volume(pod, name);
    boolean host = volume.has("hostPath");
    Path source =
        host ? Path.of(volume.path("hostPath").path("path").asText()) : root.resolve(name);
    String sub =
        mount.has("subPathExpr")
            ? Expansion.expand(mount.path("subPathExpr").asText(), environment)
            : mount.path("subPath").asText("");
    if (!sub.isEmpty()) {
      Path inside = source.resolve(sub).normalize();
      if (!inside.startsWith(source)) {
        throw new ConfigException("volumeMount %s: subPath %s leaves it".formatted(name, sub));
      }
      if (!Files.exists(inside)) {
        Files.createDirectories(inside);
        AtomicDirectory.mode(inside, 0777);
      }
      source = inside.toRealPath();
    }
    // the machine below the lab is not to be written to
    boolean fixed = host || volume.has("configMap") || volume.has("secret");
    boolean readOnly =
        mount.path("readOnly").asBoolean(false)
            || fixed
            || volume.has("projected")
            || volume.has("downwardAPI");
    return new Mount(source, path, readOnly);
  }

  private static JsonNode volume(PodSpec pod, String name) throws ConfigException {
    for (JsonNode each : pod.spec().path("volumes")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new ConfigException("volumeMount %s: the pod has no such volume".formatted(name));
  }

  private void prepare(JsonNode volume, PodSpec pod, DownwardFields fields)
      throws ConfigException, IOException {
    String name = volume.path("name").asText();
    Path directory = root.resolve(name);
    if (volume.has("hostPath")) {
      Path path = Path.of(volume.path("hostPath").path("path").asText());
      if (!Files.exists(path)) {
        throw new ConfigException(
            "volume %s: hostPath %s does not exist on this machine".formatted(name, path));
      }
    } else if (volume.has("configMap")
        || volume.has("secret")
        || volume.has("projected")
        || volume.has("downwardAPI")) {
      new AtomicDirectory(directory).write(files(volume, pod, fields));
      share(directory, pod, 0440);
    } else if (volume.has("persistentVolumeClaim") || volume.has("csi")) {
      throw new ConfigException(
          "volume %s: the lab has no such volumes; use emptyDir, configMap, secret, projected,"
                  .formatted(name)
              + " downwardAPI or hostPath");
    } else if (!Files.exists(directory)) {
      Files.createDirectories(directory);
      AtomicDirectory.mode(directory, 0777);
      share(directory, pod, 0660);
    }
  }

  /**
   * Gives a volume to the pod's group (Kubernetes: pkg/volume/volume_linux.go).
   *
   * @param rights that the group has to files, besides those that they have
   */
  private static void share(Path directory, PodSpec pod, int rights) throws IOException {
    OptionalInt group = SecurityContext.volumeGroup(pod);
    if (group.isEmpty()) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        Files.setAttribute(each, "unix:gid", group.getAsInt(), LinkOption.NOFOLLOW_LINKS);
        if (!Files.isSymbolicLink(each)) {
          int mode = (Integer) Files.getAttribute(each, "unix:mode") & 07777;
          boolean inside = Files.isDirectory(each);
          Files.setAttribute(each, "unix:mode", mode | rights | (inside ? SET_GROUP | 0110 : 0));
        }
      }
    }
  }

  private Map<String, AtomicDirectory.Entry> files(
      JsonNode volume, PodSpec pod, DownwardFields fields) throws ConfigException {
    Map<String, AtomicDirectory.Entry> result = new TreeMap<>();
    if (volume.has("configMap")) {
      JsonNode source = volume.path("configMap");
      named(Kinds.CONFIG_MAPS, source, "name", pod, mode(source), result);
    } else if (volume.has("secret")) {
      JsonNode source = volume.path("secret");
      named(Kinds.SECRETS, source, "secretName", pod, mode(source), result);
    } else if (volume.has("downwardAPI")) {
      JsonNode source = volume.path("downwardAPI");
      downward(source, fields, mode(source), result);
    } else {
      JsonNode projected = volume.path("projected");
      int mode = mode(projected);
      for (JsonNode source : projected.path("sources")) {
        if (source.has("configMap")) {
          named(Kinds.CONFIG_MAPS, source.path("configMap"), "name", pod, mode, result);
        } else if (source.has("secret")) {
          named(Kinds.SECRETS, source.path("secret"), "name", pod, mode, result);
        } else if (source.has("downwardAPI")) {
          downward(source.path("downwardAPI"), fields, mode, result);
        } else if (source.has("serviceAccountToken")) {
          token(source.path("serviceAccountToken"), pod, mode, result);
        }
      }
    }
    return result;
  }

  private static int mode(JsonNode source) {
    return source.path("defaultMode").asInt(0644);
  }

  private void named(
      ResourceType type,
      JsonNode source,
      String nameField,
      PodSpec pod,
      int mode,
      Map<String, AtomicDirectory.Entry> result)
      throws ConfigException {
    String name = source.path(nameField).asText();
    Optional<ObjectNode> found = store.get(type, pod.namespace(), name);
    boolean optional = source.path("optional").asBoolean(false);
    if (found.isEmpty()) {
      if (optional) {
        return;
      }
      throw new ConfigException(
          "MountVolume.SetUp failed: %s \"%s\" not found".formatted(type.plural(), name));
    }
    Map<String, byte[]> all = content(found.get(), type.equals(Kinds.SECRETS));
    if (source.path("items").isEmpty()) {
      all.forEach((key, value) -> result.put(key, new AtomicDirectory.Entry(value, mode)));
      return;
    }
    for (JsonNode item : source.path("items")) {
      byte[] value = all.get(item.path("key").asText());
      if (value != null) {
        result.put(
            item.path("path").asText(),
            new AtomicDirectory.Entry(value, item.path("mode").asInt(mode)));
      } else if (!optional) {
        throw new ConfigException(
            "MountVolume.SetUp failed: %s \"%s\" has no key \"%s\""
                .formatted(type.plural(), name, item.path("key").asText()));
      }
    }
  }

  private static Map<String, byte[]> content(JsonNode object, boolean secret) {
    Map<String, byte[]> result = new TreeMap<>();
    for (Map.Entry<String, String> each : Meta.strings(object.path("data")).entrySet()) {
      result.put(
          each.getKey(),
          secret
              ? Base64.getDecoder().decode(each.getValue())
              : each.getValue().getBytes(StandardCharsets.UTF_8));
    }
    Meta.strings(object.path("binaryData"))
        .forEach((key, value) -> result.put(key, Base64.getDecoder().decode(value)));
    return result;
  }

  private static void downward(
      JsonNode source, DownwardFields fields, int mode, Map<String, AtomicDirectory.Entry> result)
      throws ConfigException {
    for (JsonNode item : source.path("items")) {
      Optional<String> value =
          item.has("fieldRef")
              ? fields.field(item.path("fieldRef").path("fieldPath").asText())
              : fields.resource(item.path("resourceFieldRef"), item);
      byte[] bytes =
          value
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "downwardAPI: field of %s is not supported"
                              .formatted(item.path("path").asText())))
              .getBytes(StandardCharsets.UTF_8);
      result.put(
          item.path("path").asText(),
          new AtomicDirectory.Entry(bytes, item.path("mode").asInt(mode)));
    }
  }

  private void token(
      JsonNode source, PodSpec pod, int mode, Map<String, AtomicDirectory.Entry> result) {
    String audience = source.path("audience").asText("");
    long seconds = source.path("expirationSeconds").asLong(3600);
    String path = source.path("path").asText("token");
    result.put(path, new AtomicDirectory.Entry(token(pod, audience, seconds), mode));
  }

  /** The same token until four fifths of its life are over. */
  private byte[] token(PodSpec pod, String audience, long seconds) {
    Instant now = clock.instant();
    String key = audience + "/" + seconds;
    IssuedToken has = issued.get(key);
    if (has == null || !now.isBefore(has.refresh())) {
      TokenSource.Token next =
          tokens.issue(
              pod.namespace(), pod.serviceAccount(), pod.name(), pod.uid(), audience, seconds);
      Duration life = Duration.between(now, next.expires());
      has = new IssuedToken(next, now.plus(life.multipliedBy(4).dividedBy(5)));
      issued.put(key, has);
    }
    return has.token().value().getBytes(StandardCharsets.UTF_8);
  }
}
