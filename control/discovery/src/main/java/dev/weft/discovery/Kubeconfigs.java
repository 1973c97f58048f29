package dev.weft.discovery;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Clients from kubeconfigs. */
public final class Kubeconfigs {
  private static final List<String> PATHS =
      List.of("certificate-authority", "client-certificate", "client-key", "tokenFile");

  // Clouds give tokens of minutes; running a program for each request would be too dear.
  private static final Duration PROGRAM_TOKENS_KEPT = Duration.ofMinutes(1);

  private Kubeconfigs() {}

  /**
   * Why a kubeconfig from a Secret must not be used: whoever can write the Secret would otherwise
   * run programs and read files here. Empty where it can be.
   */
  public static Optional<String> objection(String kubeconfig) {
    Map<?, ?> tree;
    try {
      tree = Yaml.object(kubeconfig);
    } catch (Yaml.MalformedException e) {
      return Optional.of("it is not YAML with fields");
    }
    if (entries(tree, "clusters", "cluster").isEmpty()) {
      return Optional.of("it names no cluster");
    }
    for (Map<?, ?> user : entries(tree, "users", "user")) {
      for (String key : List.of("exec", "auth-provider")) {
        if (user.containsKey(key)) {
          return Optional.of(
              "it has users[].user."
                  + key
                  + ", which would run a program here; use a token or a client certificate");
        }
      }
    }
    for (String list : List.of("users", "clusters")) {
      for (Map<?, ?> entry : entries(tree, list, list.substring(0, list.length() - 1))) {
        for (String key : PATHS) {
          if (entry.containsKey(key)) {
            return Optional.of(
                "it has "
                    + key
                    + ", which names a file here; give the content"
                    + (key.equals("tokenFile") ? " as token" : " as " + key + "-data"));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<Map<?, ?>> entries(Map<?, ?> tree, String list, String field) {
    return tree.get(list) instanceof List<?> elements
        ? elements.stream()
            .map(e -> e instanceof Map<?, ?> m ? m.get(field) : null)
            .<Map<?, ?>>mapMulti(
                (e, sink) -> {
                  if (e instanceof Map<?, ?> m) {
                    sink.accept(m);
                  }
                })
            .toList()
        : List.of();
  }

  /**
   * A client. Connecting happens with the first call.
   *
   * @throws KubernetesClientException where the text cannot be used
   */
  public static KubernetesClient client(String kubeconfig) {
    return client(Config.fromKubeconfig(kubeconfig));
  }

  /**
   * A client from a file that the operator of this process gave, which may name other files and
   * programs. Tokens that come from there are renewed.
   *
   * @throws KubernetesClientException where the file cannot be used
   */
  public static KubernetesClient client(File kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig);
    Map<?, ?> user = user(kubeconfig, config);
    if (user.get("tokenFile") instanceof String name && !name.isBlank()) {
      Path file = kubeconfig.toPath().toAbsolutePath().resolveSibling(name);
      return client(withToken(config, RenewedToken.file(file)));
    }
    if (user.containsKey("exec")) {
      return client(
          withToken(
              config,
              new RenewedToken(
                  "program that " + kubeconfig + " names",
                  () ->
                      Objects.requireNonNullElse(
                          Config.fromKubeconfig(kubeconfig).getAutoOAuthToken(), ""),
                  PROGRAM_TOKENS_KEPT,
                  InstantSource.system())));
    }
    return client(config);
  }

  /** The client library knows no {@code tokenFile}, and runs programs but once. */
  private static Config withToken(Config config, RenewedToken token) {
    return new ConfigBuilder(config).withAutoConfigure(false).withOauthTokenProvider(token).build();
  }

  /** The user of the current context; without anything where there is none. */
  private static Map<?, ?> user(File kubeconfig, Config config) {
    if (config.getCurrentContext() == null || config.getCurrentContext().getContext() == null) {
      return Map.of();
    }
    String name = config.getCurrentContext().getContext().getUser();
    try {
      Map<String, Object> tree = Yaml.object(Files.readString(kubeconfig.toPath()));
      if (tree.get("users") instanceof List<?> users) {
        for (Object entry : users) {
          if (entry instanceof Map<?, ?> named
              && Objects.equals(named.get("name"), name)
              && named.get("user") instanceof Map<?, ?> user) {
            return user;
          }
        }
      }
      return Map.of();
    } catch (IOException | Yaml.MalformedException e) {
      throw new KubernetesClientException(
          "the kubeconfig " + kubeconfig + " cannot be read: " + e.getMessage(), e);
    }
  }

  static KubernetesClient client(Config config) {
    Config settings =
        new ConfigBuilder(config)
            // Nothing from the surroundings of this process, such as another kubeconfig.
            .withAutoConfigure(false)
            .withConnectionTimeout(5_000)
            .withRequestTimeout(10_000)
            .withRequestRetryBackoffLimit(0)
            // Reconnecting is decided in one place, ListWatch; plain HTTP needs one attempt, not
            // two.
            .withOnlyHttpWatches(true)
            .withHttp2Disable(true)
            .withUserAgent("weft")
            .build();
    return new KubernetesClientBuilder()
        .withConfig(settings)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }
}
