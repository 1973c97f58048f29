package dev.weft.cli.remote;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Kubeconfig;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft create-remote-secret}. */
@Command(
    name = "create-remote-secret",
    description = {
      "Prints the Secret that lets control planes elsewhere read a cluster:",
      "  weft create-remote-secret --context A --name A | kubectl apply --context B -f -",
      "Creates the service account and its read rights in that cluster first, if they are"
          + " missing."
    })
public final class CreateRemoteSecretCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The cluster's id in the mesh (default: the uid of its namespace kube-system)")
  private @Nullable String name;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The API server as the control planes reach it (default: as the kubeconfig has it)")
  private @Nullable String server;

  @Option(
      names = "--tls-server-name",
      paramLabel = "NAME",
      description = "The name in the API server's certificate, if it is not its address")
  private String tlsServerName = "";

  @Option(
      names = "--secret-name",
      paramLabel = "NAME",
      description = "Take the token from this Secret (default: one is created)")
  private @Nullable String secretName;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description =
          "The account that control planes read with (default: istio-reader-service-account, for --type"
              + " config istiod)")
  private @Nullable String serviceAccount;

  @Option(
      names = "--create-service-account",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      paramLabel = "BOOL",
      description =
          "Create the reader's account and its rights if they are missing (default:"
              + " ${DEFAULT-VALUE})")
  private boolean createAccount = true;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "remote",
      description =
          "remote: a member cluster; config: the cluster that holds the configuration of a"
              + " control plane outside of it (default: ${DEFAULT-VALUE})")
  private RemoteSecret.Type type = RemoteSecret.Type.REMOTE;

  @Option(
      names = "--auth-type",
      paramLabel = "TYPE",
      defaultValue = "bearer-token",
      description = "bearer-token is the only one (default: ${DEFAULT-VALUE})")
  private String authType = "bearer-token";

  @Option(
      names = {"-n", "--namespace", "-i", "--istioNamespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description =
          "Of the service account there, and of the Secret that is printed (default:"
              + " ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  @Override
  public Integer call() {
    if (!authType.equals("bearer-token")) {
      throw CommandFailure.failed(
          "--auth-type "
              + authType
              + " is not supported: control planes take bearer tokens alone, since a plugin would"
              + " run a program inside of them");
    }
    Kubeconfig config = access.kubeconfig(RunningLab::kubeconfig);
    String context = config.context(access.context());
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      RemoteSecret secret = secret(client, config, context);
      Warnings.print(spec.commandLine().getErr(), secret.doubt().stream().toList());
      spec.commandLine().getOut().print(secret.yaml());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private RemoteSecret secret(KubernetesClient client, Kubeconfig config, String context) {
    String cluster = name == null ? uid(client) : checked(name);
    String address = server == null ? config.server(context).orElse("") : checkedServer(server);
    ReaderAccount reader = new ReaderAccount(client, namespace);
    String account = account();
    if (createAccount && account.equals(ReaderAccount.NAME)) {
      reader.create();
    } else if (!reader.exists(account)) {
      throw CommandFailure.failed(
          "no service account "
              + namespace
              + "/"
              + account
              + " in context "
              + context
              + ": install Weft there first, or name another by --service-account");
    }
    ReaderAccount.Credentials credentials =
        secretName == null ? reader.token(account) : reader.tokenIn(secretName);
    // An address of the user's own is that of the cluster itself, not of what the kubeconfig names.
    String ca =
        server == null
            ? config.certificateAuthority(context).orElse(credentials.ca())
            : credentials.ca();
    return new RemoteSecret(
        type, cluster, namespace, address, tlsServerName, ca, credentials.token());
  }

  private String account() {
    if (serviceAccount != null) {
      return serviceAccount;
    }
    return switch (type) {
      case REMOTE -> ReaderAccount.NAME;
      case CONFIG -> "istiod";
    };
  }

  private static String checked(String name) {
    try {
      return new ClusterId(name).value();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, "--name: " + e.getMessage(), e);
    }
  }

  private static String checkedServer(String server) {
    boolean good;
    try {
      URI uri = URI.create(server);
      good =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      good = false;
    }
    if (!good) {
      throw CommandFailure.failed("--server '" + server + "' is not like https://ADDRESS:PORT");
    }
    return server;
  }

  private static String uid(KubernetesClient client) {
    Namespace system = client.namespaces().withName("kube-system").get();
    if (system == null) {
      throw CommandFailure.failed("the cluster has no namespace kube-system: give --name");
    }
    return system.getMetadata().getUid();
  }
}
