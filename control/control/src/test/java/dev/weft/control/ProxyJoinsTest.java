package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Value;
import dev.weft.ca.Pem;
import dev.weft.xds.XdsType;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod of a member cluster goes through, with nothing but what it has in the pod. */
class ProxyJoinsTest {
  @TempDir Path directory;
  private LoopbackMesh world;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
    world.workloads();
    world.mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    world.mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec",
            Map.of(
                "network",
                "network2",
                "crossClusterProxy",
                Map.of("enabled", true, "address", "172.18.0.3:15443"))));
    List<Integer> ports = settle(() -> world.plane.xdsPorts(), p -> p.size() == 2);
    channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1",
                ports.get(1),
                TlsChannelCredentials.newBuilder()
                    .trustManager(
                        new ByteArrayInputStream(roots().getBytes(StandardCharsets.UTF_8)))
                    .build())
            .overrideAuthority("istiod.istio-system.svc")
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    world.close();
  }

  /** As every namespace of a member cluster has them. */
  private String roots() throws Exception {
    String path = "/api/v1/namespaces/default/configmaps/istio-ca-root-cert";
    Map<?, ?> map = settle(() -> world.api1.get(path), Optional::isPresent).orElseThrow();
    return map.get("data") instanceof Map<?, ?> data
        ? String.valueOf(data.get("root-cert.pem"))
        : "no data";
  }

  private ClientInterceptor credentials(String cluster, String token) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), cluster);
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private String token() {
    return world.cluster1.serviceAccountToken(
        "default", "default", List.of("istio-ca"), Duration.ofHours(1), Optional.empty());
  }

  @Test
  void a_token_of_its_cluster_gets_a_pod_a_certificate_and_another_clusters_does_not()
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    byte[] csr =
        new JcaPKCS10CertificationRequestBuilder(new X500Name(""), keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();
    IstioCertificateRequest request =
        IstioCertificateRequest.newBuilder()
            .setCsr(
                "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder().encodeToString(csr)
                    + "\n-----END CERTIFICATE REQUEST-----\n")
            .build();
    var service = IstioCertificateServiceGrpc.newBlockingStub(channel);
    IstioCertificateResponse answer =
        service.withInterceptors(credentials("cluster1", token())).createCertificate(request);
    var leaf = Pem.certificates("answer", answer.getCertChain(0)).getFirst();
    assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(leaf.getSubjectAlternativeNames())
        .anyMatch(n -> n.contains("spiffe://cluster.local/ns/default/sa/default"));
    assertThatThrownBy(
            () ->
                service
                    .withInterceptors(credentials("cluster2", token()))
                    .createCertificate(request))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAUTHENTICATED");
  }

  @Test
  void its_discovery_stream_tells_it_of_the_gateway_and_operators_see_what_it_holds()
      throws Exception {
    settle(() -> world.explain(), e -> LoopbackMesh.decision(e).equals("via-gateway"));
    BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
    StreamObserver<DeltaDiscoveryRequest> requests =
        AggregatedDiscoveryServiceGrpc.newStub(channel)
            .withInterceptors(credentials("cluster1", token()))
            .deltaAggregatedResources(
                new StreamObserver<>() {
                  @Override
                  public void onNext(DeltaDiscoveryResponse response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable cause) {}

                  @Override
                  public void onCompleted() {}
                });
    Node.Builder node =
        Node.newBuilder().setId("sidecar~10.244.0.7~sleep-1.default~default.svc.cluster.local");
    node.getMetadataBuilder()
        .putFields("CLUSTER_ID", Value.newBuilder().setStringValue("cluster1").build())
        .putFields("ISTIO_VERSION", Value.newBuilder().setStringValue("1.29.0").build());
    String cluster = "outbound|8000||httpbin.default.svc.cluster.local";
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(node)
            .setTypeUrl(XdsType.ENDPOINT.url())
            .addResourceNamesSubscribe(cluster)
            .build());
    DeltaDiscoveryResponse endpoints = responses.poll(10, TimeUnit.SECONDS);
    assertThat(endpoints).isNotNull();
    assertThat(endpoints.toString()).contains("172.18.0.3").doesNotContain("10.244.0.7");

    JsonNode sync = settle(() -> world.get("/debug/syncz"), s -> s.size() == 1);
    assertThat(sync.at("/0/proxy").asText()).isEqualTo("sleep-1.default");
    assertThat(sync.at("/0/version").asText()).isEqualTo("1.29.0");
    assertThat(sync.at("/0/identity").asText())
        .isEqualTo("spiffe://cluster.local/ns/default/sa/default");
    String dump = world.body("/debug/config_dump?proxyID=sleep-1.default");
    assertThat(dump)
        .contains(cluster, "172.18.0.3", "virtualOutbound", "envoy.transport_sockets.tls")
        .doesNotContain("\"error\"");
    settle(() -> world.mesh.get(MEMBERS + "/cluster1").toString(), s -> s.contains("proxies=1"));
    requests.onCompleted();
  }
}
