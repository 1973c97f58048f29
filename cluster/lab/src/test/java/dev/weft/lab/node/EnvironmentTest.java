package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.MemoryStore;
import dev.weft.lab.object.Trees;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EnvironmentTest {
  private final MemoryStore store = new MemoryStore();
  private final PodSpec pod =
      new PodSpec(
          Trees.yaml(
              """
              metadata: {name: p, namespace: n, uid: u, labels: {app: x}}
              spec: {serviceAccountName: robot, containers: [{name: c}]}
              """));
  private final Environment environment =
      new Environment(store, new DownwardFields(pod, "node1", "172.18.0.2", "10.244.0.3"));

  private Map<String, String> of(String container) throws ConfigException {
    return environment.of(Trees.yaml(container), Map.of("PATH", "/bin", "A", "image"));
  }

  @Test
  void later_values_see_earlier_ones_and_override_the_image() throws ConfigException {
    assertThat(
            of(
                "env: [{name: A, value: one}, {name: B, value: \"$(A)-$(NONE)-$$(A)\"},"
                    + " {name: C, value: \"100%$\"}]"))
        .containsEntry("A", "one")
        .containsEntry("B", "one-$(NONE)-$(A)")
        .containsEntry("C", "100%$")
        .containsEntry("PATH", "/bin")
        .containsEntry("HOSTNAME", "p");
  }

  @Test
  void fields_and_resources_of_the_pod() throws ConfigException {
    assertThat(
            of(
                """
                resources: {limits: {cpu: 1500m, memory: 1Gi}}
                env:
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                """))
        .containsEntry("IP", "10.244.0.3")
        .containsEntry("NODE", "node1")
        .containsEntry("APP", "x")
        .containsEntry("CPU", "2")
        .containsEntry("MEM", "1024");
  }

  @Test
  void config_maps_secrets_and_services() throws ConfigException {
    store.create(Kinds.CONFIG_MAPS, "n", Trees.yaml("metadata: {name: m}\ndata: {k: v}"));
    store.create(Kinds.SECRETS, "n", Trees.yaml("metadata: {name: s}\ndata: {k: djI=}"));
    store.create(
        Kinds.SERVICES,
        "n",
        Trees.yaml(
            "metadata: {name: my-db}\nspec: {clusterIP: 10.96.0.9, ports: [{name: sql, port: 5432}]}"));

    assertThat(
            of(
                """
                envFrom: [{prefix: X_, configMapRef: {name: m}}]
                env:
                - {name: S, valueFrom: {secretKeyRef: {name: s, key: k}}}
                - {name: O, valueFrom: {secretKeyRef: {name: absent, key: k, optional: true}}}
                """))
        .containsEntry("X_k", "v")
        .containsEntry("S", "v2")
        .containsEntry("MY_DB_SERVICE_HOST", "10.96.0.9")
        .containsEntry("MY_DB_SERVICE_PORT_SQL", "5432")
        .containsEntry("MY_DB_PORT", "tcp://10.96.0.9:5432")
        .doesNotContainKey("O");
  }

  @Test
  void a_link_to_a_service_goes_before_what_the_image_says() throws ConfigException {
    store.create(
        Kinds.SERVICES,
        "n",
        Trees.yaml("metadata: {name: image}\nspec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}"));

    assertThat(environment.of(Trees.yaml("{}"), Map.of("IMAGE_PORT", "80")))
        .containsEntry("IMAGE_PORT", "tcp://10.96.0.9:80");
  }

  @Test
  void what_is_not_there_is_named() {
    assertThatThrownBy(
            () -> of("env: [{name: S, valueFrom: {secretKeyRef: {name: absent, key: k}}}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("secrets \"absent\" not found");
  }
}
