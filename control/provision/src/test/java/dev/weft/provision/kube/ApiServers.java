package dev.weft.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Real API servers on loopback, and what tests ask of them. */
final class ApiServers implements AutoCloseable {
  private final Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  ApiServers(Path directory) {
    this.directory = directory;
  }

  ApiServer open(String name) throws IOException {
    return open(name, ApiServerOptions.Authorization.AUTHENTICATED);
  }

  ApiServer open(String name, ApiServerOptions.Authorization authorization) throws IOException {
    ApiServer server =
        ApiServer.open(
            new ApiServerSettings(name, directory.resolve(name), 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            },
            ApiServerOptions.DEFAULTS.withAuthorization(authorization));
    server.start();
    return closing(server);
  }

  KubeApi client(ApiServer server) {
    return client(server, server.adminToken());
  }

  KubeApi client(ApiServer server, String token) {
    KubernetesClient client =
        Kubeconfigs.client(
            server
                .kubeconfig("test", "https://127.0.0.1:" + server.port())
                .replace(server.adminToken(), token));
    return new KubeApi(closing(client));
  }

  <T extends AutoCloseable> T closing(T part) {
    open.add(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  static ObjectNode json(String text) throws IOException {
    return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
  }

  /** What the control plane's setup puts into the mesh's own API, as far as it is needed here. */
  static void prepareMesh(JsonApi mesh) throws IOException {
    ObjectNode unused =
        mesh.create("/api/v1/namespaces", json("{'metadata':{'name':'istio-system'}}"));
    ObjectNode definition =
        mesh.create(
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            json(
                """
                {'metadata':{'name':'istiogateways.istio.alibabacloud.com'},
                 'spec':{'group':'istio.alibabacloud.com','scope':'Namespaced',
                  'names':{'kind':'IstioGateway','plural':'istiogateways','singular':'istiogateway','listKind':'IstioGatewayList'},
                  'versions':[{'name':'v1beta1','served':true,'storage':true,'subresources':{'status':{}},
                   'schema':{'openAPIV3Schema':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}]}}
                """));
    Optional<ObjectNode> served =
        settle(
            "/apis/istio.alibabacloud.com/v1beta1/namespaces/istio-system/istiogateways",
            mesh,
            Optional::isPresent);
  }

  /** What is wanted of a cluster of a hosted mesh. */
  static Wish wish(
      String mesh, String cluster, Set<String> registered, List<Manifest> wanted, String roots) {
    return new Wish(
        new Ownership(mesh, "default", cluster, registered),
        "istio-system",
        EnumSet.complementOf(EnumSet.of(ManagedKind.ISTIO_GATEWAY, ManagedKind.VALIDATING_WEBHOOK)),
        wanted,
        Map.of(),
        null,
        roots,
        "");
  }

  /** Waits, with a bound, until the object at the path is as it should be. */
  static Optional<ObjectNode> settle(String path, JsonApi api, Predicate<Optional<ObjectNode>> good)
      throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Optional<ObjectNode> found = api.get(path);
    while (!good.test(found) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      found = api.get(path);
    }
    assertThat(found).matches(good, "settled at " + path);
    return found;
  }

  static Predicate<Optional<ObjectNode>> at(String pointer, String value) {
    return found -> found.isPresent() && found.get().at(pointer).asText().equals(value);
  }
}
