package dev.weft.discovery;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The API server of the cluster in which this process runs, as Kubernetes tells every pod of it:
 * the address in the environment, the pod's service account in files.
 */
final class InCluster {
  /** Where a pod finds its service account. */
  static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";

  private InCluster() {}

  /**
   * A client. Connecting happens with the first call.
   *
   * @throws IOException saying what this process lacks to be a pod
   */
  static KubernetesClient client(Path account, Map<String, String> environment) throws IOException {
    String host = environment.getOrDefault(HOST, "");
    String port = environment.getOrDefault(PORT, "443");
    if (host.isEmpty()) {
      throw new IOException(
          "without --kubeconfig this runs as a pod, but "
              + HOST
              + " is not set; give --kubeconfig FILE");
    }
    Path token = account.resolve("token");
    Path authority = account.resolve("ca.crt");
    for (Path file : new Path[] {token, authority}) {
      if (!Files.isReadable(file)) {
        throw new IOException(
            "the pod's service account is not mounted: "
                + file
                + " cannot be read; set automountServiceAccountToken, or give --kubeconfig FILE");
      }
    }
    String address = host.contains(":") ? "[" + host + "]" : host;
    Config config =
        new ConfigBuilder(Config.empty())
            .withAutoConfigure(false)
            .withMasterUrl("https://" + address + ":" + port)
            .withCaCertFile(authority.toString())
            .withOauthTokenProvider(RenewedToken.file(token))
            .build();
    return Kubeconfigs.client(config);
  }
}
