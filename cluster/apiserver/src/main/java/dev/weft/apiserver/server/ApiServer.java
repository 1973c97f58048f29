package dev.weft.apiserver.server;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.apiserver.admission.Admission;
import dev.weft.apiserver.admission.WebhookClient;
import dev.weft.apiserver.admission.Webhooks;
import dev.weft.apiserver.auth.Authenticator;
import dev.weft.apiserver.auth.Authorizer;
import dev.weft.apiserver.auth.KeyFiles;
import dev.weft.apiserver.auth.RbacAuthorizer;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.http.Bodies;
import dev.weft.apiserver.http.PodStreams;
import dev.weft.apiserver.http.Resources;
import dev.weft.apiserver.http.Reviews;
import dev.weft.apiserver.http.Router;
import dev.weft.apiserver.http.SubResources;
import dev.weft.apiserver.http.Watches;
import dev.weft.apiserver.http.WireServer;
import dev.weft.apiserver.kind.CustomTypes;
import dev.weft.apiserver.kind.ServiceAddresses;
import dev.weft.apiserver.object.Effects;
import dev.weft.apiserver.object.Kinds;
import dev.weft.apiserver.object.LocalStore;
import dev.weft.apiserver.object.Objects;
import dev.weft.apiserver.schema.BuiltInTypes;
import dev.weft.apiserver.schema.TypeRegistry;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kubernetes-style API server in this process: objects on the disk in a directory, HTTPS on
 * 127.0.0.1, and the same objects for code in the process. Thread-safe.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  private final ApiServerSettings settings;
  private final KeyFiles keys;
  private final Store store;
  private final LocalStore local;
  private final Objects objects;
  private final Tokens tokens;
  private final Authenticator authenticator;
  private final PodBackend pods;
  private final ServiceAddresses addresses;
  private final Authorizer authorizer;
  private @Nullable Running running;
  private boolean closed;

  private record Running(WireServer server, Watches watches, PodStreams streams) {}

  private ApiServer(
      ApiServerSettings settings, PodBackend pods, ServiceDialer services, ApiServerOptions options)
      throws IOException {
    this.settings = settings;
    this.pods = pods;
    this.addresses = new ServiceAddresses(options.serviceRange());
    this.keys = new KeyFiles(settings.directory(), settings.name());
    this.store = new Store(settings.name(), settings.directory().resolve("objects.db"));
    this.tokens = new Tokens(keys.tokenKey(), store);
    this.authorizer =
        switch (options.authorization()) {
          case AUTHENTICATED -> new Authorizer.Everybody();
          case RBAC -> new RbacAuthorizer(store);
        };
    TypeRegistry registry = new TypeRegistry();
    BuiltInTypes.list().forEach(registry::add);
    CustomTypes customTypes = new CustomTypes();
    Webhooks webhooks = new Webhooks(store, registry, new WebhookClient(services));
    Kinds kinds = new Kinds(addresses, customTypes);
    this.objects =
        new Objects(
            store,
            registry,
            new Admission(store, webhooks, authorizer),
            kinds,
            new Effects(kinds, customTypes, tokens, keys.caCertificatePem()));
    this.local = new LocalStore(objects);
    this.authenticator = new Authenticator(keys.adminToken(), tokens);
    for (StoredObject definition :
        store.list(TypeKey.of(BuiltInTypes.CUSTOM_TYPES), "").objects()) {
      customTypes.serve(definition.object(), registry);
    }
    for (StoredObject service : store.list(new TypeKey("", "services"), "").objects()) {
      addresses.occupy(service.object());
    }
    Bootstrap.run(objects, addresses.firstAddress());
  }

  /** With {@link ApiServerOptions#DEFAULTS}. */
  public static ApiServer open(ApiServerSettings settings, PodBackend pods, ServiceDialer services)
      throws IOException {
    return open(settings, pods, services, ApiServerOptions.DEFAULTS);
  }

  /** With another range for cluster IPs, an IPv4 network of /8 to /28. */
  public static ApiServer open(
      ApiServerSettings settings, PodBackend pods, ServiceDialer services, String serviceRange)
      throws IOException {
    return open(settings, pods, services, ApiServerOptions.DEFAULTS.withServiceRange(serviceRange));
  }

  /**
   * Opens the storage and makes what has to exist: keys, the first namespaces, the {@code
   * kubernetes} Service, the usual cluster roles. Nothing listens yet.
   *
   * @throws IOException where the directory cannot be used or another server uses it
   */
  public static ApiServer open(
      ApiServerSettings settings, PodBackend pods, ServiceDialer services, ApiServerOptions options)
      throws IOException {
    return new ApiServer(settings, pods, services, options);
  }

  /**
   * Listens. Does nothing where it listens already. A port that was only found, not asked for,
   * gives way to another where somebody has taken it meanwhile.
   *
   * @throws IOException where the port that was asked for is taken
   */
  public synchronized void start() throws IOException {
    if (closed) {
      throw new IllegalStateException("the API server of " + settings.name() + " is closed");
    }
    if (running != null) {
      return;
    }
    Watches watches = new Watches(store);
    Bodies bodies = new Bodies(objects.registry());
    Router router =
        new Router(
            objects.registry(),
            new Resources(
                objects,
                new SubResources(objects, bodies, tokens, pods),
                new Reviews(authenticator, authorizer, tokens),
                bodies,
                watches),
            authenticator,
            authorizer,
            tokens);
    PodStreams streams = new PodStreams(router, objects, pods);
    List<String> names =
        new ArrayList<>(
            List.of(
                "127.0.0.1",
                "localhost",
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
                addresses.firstAddress()));
    names.addAll(settings.names());
    SSLContext tls = keys.serverContext(settings.name(), names);
    int wanted = wantedPort();
    WireServer server;
    try {
      server = new WireServer(wanted, tls, router, streams.upgraders());
    } catch (BindException e) {
      if (wanted == settings.port()) {
        throw e;
      }
      LOG.info("{}; another port is taken instead", e.getMessage());
      server = new WireServer(settings.port(), tls, router, streams.upgraders());
    }
    Files.writeString(portFile(), Integer.toString(server.port()));
    running = new Running(server, watches, streams);
  }

  private Path portFile() {
    return settings.directory().resolve("port");
  }

  /** The configured port, or the one that was found last time. */
  private int wantedPort() throws IOException {
    if (settings.port() != 0 || !Files.exists(portFile())) {
      return settings.port();
    }
    try {
      return Integer.parseInt(Files.readString(portFile()).strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Stops listening and ends all connections. {@link #objects()} goes on working. */
  public synchronized void stop() {
    Running present = running;
    running = null;
    if (present != null) {
      present.watches().close();
      present.streams().close();
      present.server().close();
    }
  }

  /**
   * Where it listens, on 127.0.0.1.
   *
   * @throws IllegalStateException where it does not
   */
  public synchronized int port() {
    if (running == null) {
      throw new IllegalStateException("the API server of " + settings.name() + " does not listen");
    }
    return running.server().port();
  }

  /** The objects, for code in this process. */
  public ObjectStore objects() {
    return local;
  }

  /** The certificate that clients have to trust. */
  public String caCertificatePem() {
    return keys.caCertificatePem();
  }

  /** The bearer token that may do everything. A secret. */
  public String adminToken() {
    return keys.adminToken();
  }

  /**
   * A kubeconfig for the administrator, as YAML. Holds the admin token.
   *
   * @param contextName of context, cluster and user
   * @param serverUrl such as {@code https://127.0.0.1:6443}
   */
  public String kubeconfig(String contextName, String serverUrl) {
    String ca =
        Base64.getEncoder().encodeToString(caCertificatePem().getBytes(StandardCharsets.US_ASCII));
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: %1$s
          cluster:
            server: %2$s
            certificate-authority-data: %3$s
        users:
        - name: %1$s
          user:
            token: %4$s
        contexts:
        - name: %1$s
          context:
            cluster: %1$s
            user: %1$s
        current-context: %1$s
        """
        .formatted(contextName, serverUrl, ca, adminToken());
  }

  /**
   * A token for a service account, as the {@code token} sub-resource issues it.
   *
   * @param audiences empty for the API server itself
   * @param pod bound to, so that the token ends with it
   * @throws ApiException 404 where there is no such account or pod
   */
  public String serviceAccountToken(
      String namespace,
      String serviceAccount,
      List<String> audiences,
      Duration validity,
      Optional<BoundPod> pod) {
    return tokens.issue(
        namespace,
        serviceAccount,
        audiences,
        validity,
        pod.map(p -> new Tokens.BoundObject("pods", "Pod", p.name(), p.uid())));
  }

  /** The pod that a token is for. */
  public record BoundPod(String name, String uid) {}

  /** Stops and closes the storage. Everything acknowledged is on the disk. */
  @Override
  public synchronized void close() throws IOException {
    stop();
    closed = true;
    store.close();
  }
}
