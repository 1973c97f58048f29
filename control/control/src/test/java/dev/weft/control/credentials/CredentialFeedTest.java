package dev.weft.control.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.GatewayConfig;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialFeedTest {
  private static final CredentialKey SHOP =
      new CredentialKey(new ClusterId("cluster1"), "istio-system", "shop");
  private static final Credential SILENCE = Credential.missing("silence");

  private final BlockingQueue<ConfigEvent> events = new LinkedBlockingQueue<>();
  // Each answer is handed to one look.
  private final BlockingQueue<Credential> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<CredentialKey> asked = new LinkedBlockingQueue<>();
  private final CredentialFeed feed =
      new CredentialFeed(
          events::add,
          key -> {
            asked.add(key);
            try {
              Credential answer = answers.take();
              if (answer == SILENCE) {
                throw new IOException("nobody answers");
              }
              return answer;
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          },
          Duration.ofMillis(1));

  @AfterEach
  void stop() {
    feed.close();
    answers.add(SILENCE);
  }

  @Test
  void what_a_gateway_needs_is_read_again_and_again_where_its_pods_are() throws Exception {
    see(mesh("SIMPLE", true));
    feed.start();
    answers.add(pair("one"));
    assertThat(next()).isEqualTo(Map.of(SHOP, pair("one")));
    answers.add(pair("one"));
    answers.add(pair("two"));
    assertThat(next()).isEqualTo(Map.of(SHOP, pair("two")));
    assertThat(asked).allMatch(SHOP::equals);
  }

  @Test
  void what_was_read_stays_while_nobody_answers() throws Exception {
    see(mesh("SIMPLE", true));
    feed.start();
    answers.add(pair("one"));
    assertThat(next()).isEqualTo(Map.of(SHOP, pair("one")));
    answers.add(SILENCE);
    answers.add(SILENCE);
    answers.add(pair("two"));
    assertThat(next()).isEqualTo(Map.of(SHOP, pair("two")));
  }

  @Test
  void a_secret_that_no_gateway_needs_any_more_is_forgotten() throws Exception {
    see(mesh("SIMPLE", true));
    feed.start();
    answers.add(pair("one"));
    assertThat(next()).isEqualTo(Map.of(SHOP, pair("one")));
    see(mesh("SIMPLE", false));
    answers.add(pair("one"));
    assertThat(next()).isEqualTo(Map.of());
  }

  @Test
  void clients_with_certificates_need_roots_beside_the_key() throws Exception {
    see(mesh("MUTUAL", true));
    feed.start();
    answers.add(pair("one"));
    answers.add(new Credential(new Credential.Content.Roots("roots", ""), ""));

    assertThat(next().keySet())
        .extracting(CredentialKey::name)
        .containsExactly("shop", "shop-cacert");
  }

  private Map<CredentialKey, Credential> next() throws InterruptedException {
    ConfigEvent event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isInstanceOf(ConfigEvent.CredentialsRead.class);
    return ((ConfigEvent.CredentialsRead) event).all();
  }

  private void see(MeshSnapshot snapshot) {
    feed.onSnapshot(snapshot, SnapshotBuilder.everything(snapshot));
  }

  private static Credential pair(String text) {
    return new Credential(new Credential.Content.KeyPair(text, text), "");
  }

  /** A Gateway, and perhaps a pod that it selects. */
  private static MeshSnapshot mesh(String mode, boolean withPod) {
    MeshSnapshot empty = MeshSnapshot.empty(MeshSettings.defaults());
    Workload pod =
        new Workload(
            new WorkloadKey(SHOP.cluster(), "istio-system", "gateway-0"),
            Map.of("istio", "ingressgateway"),
            List.of("10.0.0.1"),
            new SpiffeId(new TrustDomain("cluster.local"), "istio-system", "gateway"),
            "node",
            Locality.UNKNOWN,
            NetworkId.UNNAMED,
            "gateway",
            "Deployment",
            "gateway",
            "latest",
            List.of(),
            true,
            true,
            false,
            true,
            false,
            "",
            "");
    GatewayConfig gateway =
        (GatewayConfig)
            ObjectParser.parse(
                    ConfigKind.GATEWAY,
                    Map.of(
                        "metadata",
                        Map.of("name", "shop", "namespace", "demo"),
                        "spec",
                        Map.of(
                            "selector",
                            Map.of("istio", "ingressgateway"),
                            "servers",
                            List.of(
                                Map.of(
                                    "port",
                                    Map.of("number", 443, "name", "https", "protocol", "HTTPS"),
                                    "hosts",
                                    List.of("shop.example.com"),
                                    "tls",
                                    Map.of("mode", mode, "credentialName", "shop"))))))
                .value()
                .orElseThrow();
    return new MeshSnapshot(
        1,
        empty.settings(),
        empty.clusters(),
        empty.services(),
        withPod ? Map.of(pod.key(), pod) : Map.of(),
        empty.networkGateways(),
        empty.peerAuthentications(),
        empty.accessPolicies(),
        empty.destinationRules(),
        List.of(gateway),
        empty.virtualServices(),
        empty.istioGateways(),
        empty.namespaces(),
        empty.credentials());
  }
}
