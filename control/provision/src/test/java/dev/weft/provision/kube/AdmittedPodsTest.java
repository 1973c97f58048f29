package dev.weft.provision.kube;

import static dev.weft.provision.kube.ApiServers.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ControlIdentity;
import dev.weft.config.InjectorValuesParser;
import dev.weft.config.MeshSettings;
import dev.weft.inject.InjectionInputs;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.SidecarInjector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What injection makes of pods, as an API server that knows every field sees it. */
class AdmittedPodsTest {
  private static final String PODS = "/api/v1/namespaces/default/pods?fieldValidation=Strict";

  @TempDir Path directory;
  private ApiServers servers;
  private JsonApi api;

  @BeforeEach
  void start() throws IOException {
    servers = new ApiServers(directory);
    api = new JsonApi(servers.client(servers.open("cluster")));
  }

  @AfterEach
  void stop() throws Exception {
    servers.close();
  }

  private static ObjectNode injected(String pod, boolean sidecarContainers) throws Exception {
    MeshSettings mesh =
        MeshSettings.defaults()
            .withInjector(
                InjectorValuesParser.read(
                        Map.of(
                            "global",
                            Map.of(
                                "hub",
                                "example.test",
                                "tag",
                                "7",
                                "imagePullPolicy",
                                "IfNotPresent",
                                "imagePullSecrets",
                                List.of("regcred"))),
                        "ConfigMap test")
                    .values());
    return ((SidecarInjector.Result.Patched)
            SidecarInjector.inject(
                json(pod),
                new InjectionInputs(
                    "default",
                    Map.of("istio-injection", "enabled"),
                    Map.of("ISTIO_META_CLUSTER_ID", "cluster1"),
                    InjectionSettings.of(
                        mesh, ControlIdentity.hosted("istio-system"), sidecarContainers))))
        .pod();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_pod_with_a_sidecar_has_only_fields_that_there_are(boolean sidecarContainers)
      throws Exception {
    ObjectNode pod =
        injected(
            """
            {'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','namespace':'default'},'spec':{'containers':[{'name':'main','image':'x',
             'ports':[{'containerPort':8080}],'readinessProbe':{'httpGet':{'path':'/','port':8080}}}]}}
            """,
            sidecarContainers);
    assertThat(api.create(PODS, pod).at("/metadata/uid").asText()).isNotEmpty();
  }

  @Test
  void a_gateway_of_a_chart_is_admitted_and_asks_for_nothing_that_restricted_forbids()
      throws Exception {
    ObjectNode pod =
        injected(
            """
            {'apiVersion':'v1','kind':'Pod','metadata':{'name':'edge','namespace':'default',
              'annotations':{'inject.istio.io/templates':'gateway'},'labels':{'sidecar.istio.io/inject':'true'}},
             'spec':{'securityContext':{'sysctls':[{'name':'net.ipv4.ip_unprivileged_port_start','value':'0'}]},
              'containers':[{'name':'istio-proxy','image':'auto',
               'ports':[{'containerPort':15090,'protocol':'TCP','name':'http-envoy-prom'},{'containerPort':8080}],
               'securityContext':{'capabilities':{'drop':['ALL']},'runAsNonRoot':true}}]}}
            """,
            true);
    JsonNode stored = api.create(PODS, pod);
    JsonNode container = stored.at("/spec/containers/0");

    assertThat(container.path("ports")).hasSize(2);
    JsonNode security = container.path("securityContext");
    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    assertThat(security.at("/capabilities/add").size()).isZero();
    assertThat(security.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    for (JsonNode volume : stored.at("/spec/volumes")) {
      assertThat(volume.has("hostPath")).isFalse();
    }
  }
}
