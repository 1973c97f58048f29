package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.ca.Pem;
import dev.weft.xds.XdsType;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
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
  private PodConnection pod;

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
    pod = new PodConnection(world, world.plane);
  }

  @AfterEach
  void stop() throws Exception {
    pod.close();
    world.close();
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
    var service = IstioCertificateServiceGrpc.newBlockingStub(pod.channel());
    IstioCertificateResponse answer =
        service.withInterceptors(pod.credentials("cluster1")).createCertificate(request);
    var leaf = Pem.certificates("answer", answer.getCertChain(0)).getFirst();
    assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(leaf.getSubjectAlternativeNames())
        .anyMatch(n -> n.contains("spiffe://cluster.local/ns/default/sa/default"));
    assertThatThrownBy(
            () -> service.withInterceptors(pod.credentials("cluster2")).createCertificate(request))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAUTHENTICATED");
  }

  @Test
  void its_discovery_stream_tells_it_of_the_gateway_and_operators_see_what_it_holds()
      throws Exception {
    settle(() -> world.explain(), e -> LoopbackMesh.decision(e).equals("via-gateway"));
    String cluster = "outbound|8000||httpbin.default.svc.cluster.local";
    PodConnection.Answer endpoints = pod.ask(XdsType.ENDPOINT, cluster);
    assertThat(endpoints.response().toString()).contains("172.18.0.3").doesNotContain("10.244.0.7");

    JsonNode sync = settle(() -> world.get("/debug/syncz"), s -> s.size() == 1);
    assertThat(sync.at("/0/proxy").asText()).isEqualTo("sleep-1.default");
    assertThat(sync.at("/0/version").asText()).isEqualTo("1.29.0");
    assertThat(sync.at("/0/identity").asText())
        .isEqualTo("spiffe://cluster.local/ns/default/sa/default");
    String dump = world.body("/debug/config_dump?proxyID=sleep-1.default&include_eds");
    assertThat(dump)
        .contains(cluster, "172.18.0.3", "virtualOutbound", "envoy.transport_sockets.tls")
        .doesNotContain("\"error\"");
    settle(() -> world.mesh.get(MEMBERS + "/cluster1").toString(), s -> s.contains("proxies=1"));
    endpoints.close();
  }
}
