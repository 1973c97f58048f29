package dev.weft.discovery;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clients from kubeconfigs. */
public final class Kubeconfigs {
  private static final List<String> PATHS =
      List.of("certificate-authority", "client-certificate", "client-key", "tokenFile");

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

  /** A client from a file, which may name other files. */
  public static KubernetesClient client(File kubeconfig) {
    return client(Config.fromKubeconfig(kubeconfig));
  }

  private static KubernetesClient client(Config config) {
    Config settings =
        new ConfigBuilder(config)
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
