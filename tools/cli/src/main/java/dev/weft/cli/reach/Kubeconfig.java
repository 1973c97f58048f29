package dev.weft.cli.reach;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * kubectl's configuration, from one file or from several: of entries with the same name the first
 * counts, as does the first current context (Kubernetes: "Organizing Cluster Access Using
 * kubeconfig Files", merging).
 *
 * @param files that were read, at least one
 * @param tree the merged configuration, with absolute paths; holds secrets
 */
public record Kubeconfig(List<Path> files, ObjectNode tree) {
  static final String DEFAULT_NAMESPACE = "default";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final List<String> LISTS = List.of("clusters", "users", "contexts");
  private static final List<String> PATHS =
      List.of("certificate-authority", "client-certificate", "client-key", "tokenFile");

  public Kubeconfig {
    files = List.copyOf(files);
  }

  /**
   * Reads the files that exist.
   *
   * @throws CommandFailure where none can be read, or one is no kubeconfig
   */
  static Kubeconfig read(List<Path> files) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    merged.put("apiVersion", "v1").put("kind", "Config");
    LISTS.forEach(merged::putArray);
    List<Path> found = new ArrayList<>();
    for (Path file : files) {
      if (Files.isReadable(file)) {
        add(merged, file);
        found.add(file);
      }
    }
    if (found.isEmpty()) {
      throw CommandFailure.unreachable(
          "cannot read the kubeconfig "
              + String.join(", ", files.stream().map(Path::toString).toList())
              + ": give --kubeconfig, set KUBECONFIG, or start a lab (weft lab up)");
    }
    return new Kubeconfig(found, merged);
  }

  private static void add(ObjectNode merged, Path file) {
    JsonNode tree;
    try {
      tree = YAML.readTree(file.toFile());
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "the kubeconfig " + file + " cannot be read as YAML", e);
    }
    for (String list : LISTS) {
      ArrayNode into = (ArrayNode) merged.get(list);
      Set<String> known = names(into);
      for (JsonNode entry : tree.path(list)) {
        if (known.add(entry.path("name").asText())) {
          into.add(absolute(entry.deepCopy(), file));
        }
      }
    }
    String current = tree.path("current-context").asText();
    if (!current.isEmpty() && !merged.has("current-context")) {
      merged.put("current-context", current);
    }
  }

  private static JsonNode absolute(JsonNode entry, Path file) {
    for (JsonNode part : List.of(entry.path("cluster"), entry.path("user"))) {
      if (part instanceof ObjectNode fields) {
        PATHS.forEach(path -> resolve(fields, path, file));
        // As kubectl: a command with a slash is a file beside the kubeconfig.
        if (fields.path("exec") instanceof ObjectNode exec
            && exec.path("command").asText().contains("/")) {
          resolve(exec, "command", file);
        }
      }
    }
    return entry;
  }

  private static void resolve(ObjectNode fields, String name, Path file) {
    String value = fields.path(name).asText();
    if (!value.isEmpty()) {
      fields.put(name, file.toAbsolutePath().resolveSibling(value).normalize().toString());
    }
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new HashSet<>();
    list.forEach(entry -> names.add(entry.path("name").asText()));
    return names;
  }

  /** All contexts, by name. */
  public List<String> contexts() {
    return List.copyOf(new TreeSet<>(names(tree.path("contexts"))));
  }

  /** What kubectl uses when it is told nothing. */
  public Optional<String> currentContext() {
    return Optional.of(tree.path("current-context").asText()).filter(name -> !name.isEmpty());
  }

  /** The API server of a context. */
  public Optional<String> server(String context) {
    return Optional.of(cluster(context).path("server").asText()).filter(s -> !s.isEmpty());
  }

  /** All API servers. */
  public Set<String> servers() {
    Set<String> servers = new TreeSet<>();
    tree.path("clusters").forEach(c -> servers.add(c.path("cluster").path("server").asText()));
    return servers;
  }

  /** The namespace that a context names, else {@link #DEFAULT_NAMESPACE}. */
  String namespace(String context) {
    String namespace = named("contexts", context).path("context").path("namespace").asText();
    return namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
  }

  /**
   * The PEM of the CA that a context trusts, in base64. Empty where any public CA will do.
   *
   * @return nothing where the configuration does not verify the server
   */
  public Optional<String> certificateAuthority(String context) {
    JsonNode cluster = cluster(context);
    if (cluster.path("insecure-skip-tls-verify").asBoolean()) {
      return Optional.empty();
    }
    String file = cluster.path("certificate-authority").asText();
    String data = cluster.path("certificate-authority-data").asText();
    if (!data.isEmpty() || file.isEmpty()) {
      return Optional.of(data);
    }
    try {
      return Optional.of(Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(file))));
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot read the certificate authority " + file, e);
    }
  }

  private JsonNode cluster(String context) {
    String cluster = named("contexts", context).path("context").path("cluster").asText();
    return named("clusters", cluster).path("cluster");
  }

  private JsonNode named(String list, String name) {
    for (JsonNode entry : tree.path(list)) {
      if (entry.path("name").asText().equals(name)) {
        return entry;
      }
    }
    return JsonNodeFactory.instance.missingNode();
  }

  /**
   * The context that is meant.
   *
   * @param wanted empty for the current one
   * @throws CommandFailure where there is none, naming those that there are
   */
  public String context(Optional<String> wanted) {
    String name =
        wanted
            .or(this::currentContext)
            .orElseThrow(
                () ->
                    CommandFailure.failed(
                        "no current context in "
                            + where()
                            + ": give --context; there are "
                            + String.join(", ", contexts())));
    if (!contexts().contains(name)) {
      throw CommandFailure.failed(
          "no context '" + name + "' in " + where() + "; it has " + String.join(", ", contexts()));
    }
    if (server(name).isEmpty()) {
      throw CommandFailure.failed(
          "context '" + name + "' in " + where() + " names no cluster with a server");
    }
    return name;
  }

  /** How to connect to a context's API server. */
  Config config(String context) {
    try {
      ObjectNode meant = tree.deepCopy().put("current-context", context);
      Config config = Config.fromKubeconfig(YAML.writeValueAsString(meant));
      config.setConnectionTimeout(5_000);
      config.setRequestTimeout(15_000);
      config.setRequestRetryBackoffLimit(1);
      return config;
    } catch (JsonProcessingException | RuntimeException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "context '" + context + "' in " + where() + " cannot be used: " + e.getMessage(),
          e);
    }
  }

  private String where() {
    return String.join(", ", files.stream().map(Path::toString).toList());
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "Kubeconfig" + files + contexts();
  }
}
