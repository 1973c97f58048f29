package dev.weft.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.document.Json;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
  private static final TypeRegistry TYPES = new TypeRegistry();

  static {
    BuiltInTypes.list().forEach(TYPES::add);
  }

  private static KnownType type(String apiVersion, String kind) {
    return TYPES.byKind(apiVersion, kind).orElseThrow();
  }

  @Test
  void fields_of_embedded_structs_and_special_types_are_known() {
    ObjectNode pod =
        Samples.yaml(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, creationTimestamp: null, labels: {a: b}}
            spec:
              volumes:
              - {name: v, configMap: {name: c, items: [{key: k, path: p}]}}
              - {name: w, emptyDir: {medium: Memory, sizeLimit: 1Gi}}
              - {name: x, projected: {sources: [{secret: {name: s}}, {serviceAccountToken: {path: t}}]}}
              containers:
              - name: a
                image: i
                envFrom: [{configMapRef: {name: c, optional: true}}, {prefix: p, secretRef: {name: s}}]
                env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
                resources: {limits: {cpu: 1, memory: 1Gi}}
                readinessProbe: {httpGet: {port: http, path: /}, periodSeconds: 2}
                lifecycle: {preStop: {exec: {command: [a]}}}
            """);
    assertThat(type("v1", "Pod").shape().prune(pod)).isEmpty();
  }

  @Test
  void unknown_fields_are_named_by_path_and_removed() {
    ObjectNode deployment =
        Samples.yaml(
            "{apiVersion: apps/v1, kind: Deployment, spec: {foo: 1, template: {spec: {containers:"
                + " [{name: a, bar: 2}]}}}}");
    assertThat(type("apps/v1", "Deployment").shape().prune(deployment))
        .containsExactly(
            "unknown field \"spec.foo\"", "unknown field \"spec.template.spec.containers[0].bar\"");
    assertThat(deployment.path("spec").has("foo")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec: {replicas: many} | cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        "spec: {template: {spec: {containers: [{env: [{name: a, value: 1}]}]}}} | cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
        "metadata: {labels: [a]} | cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string"
      })
  void values_of_the_wrong_type_are_refused_as_go_says_it(String yaml, String message) {
    assertThatThrownBy(
            () -> type("apps/v1", "Deployment").shape().prune(Samples.yaml("{" + yaml + "}")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(message);
  }

  @Test
  void repeated_keys_are_reported() {
    List<String> duplicates = new ArrayList<>();
    Json.read("{\"a\":{\"b\":1,\"b\":2}}".getBytes(StandardCharsets.UTF_8), duplicates);
    assertThat(duplicates).containsExactly("duplicate field \"a.b\"");
  }

  private static byte[] protobuf(String apiVersion, String kind, ByteString raw) {
    byte[] unknown =
        Runtime.Unknown.newBuilder()
            .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
            .setRaw(raw)
            .build()
            .toByteArray();
    byte[] body = new byte[unknown.length + 4];
    System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, body, 0, 4);
    System.arraycopy(unknown, 0, body, 4, unknown.length);
    return body;
  }

  private static ObjectNode read(byte[] body) {
    return ProtobufBody.read(
        body,
        (apiVersion, kind) -> ((MessageShape) type(apiVersion, kind).shape()).descriptor().get());
  }

  private static byte[] service() {
    V1.Service service =
        V1.Service.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .setName("web")
                    .setGenerateName("")
                    .setGeneration(0)
                    .setCreationTimestamp(Meta.Time.getDefaultInstance())
                    .putLabels("app", "web"))
            .setSpec(
                V1.ServiceSpec.newBuilder()
                    .addPorts(
                        V1.ServicePort.newBuilder()
                            .setName("http")
                            .setPort(80)
                            .setNodePort(0)
                            .setTargetPort(
                                IntStr.IntOrString.newBuilder().setType(1).setStrVal("web")))
                    .setPublishNotReadyAddresses(false))
            .build();
    return protobuf("v1", "Service", service.toByteString());
  }

  @Test
  void protobuf_becomes_the_json_form() {
    assertThat(read(service()))
        .isEqualTo(
            Samples.json(
                "{'kind':'Service','apiVersion':'v1','metadata':{'name':'web','labels':{'app':'web'}},"
                    + "'spec':{'ports':[{'name':'http','port':80,'targetPort':'web'}]}}"));
  }

  @Test
  void embedded_structs_are_inlined_and_bytes_are_base64() {
    V1.Pod pod =
        V1.Pod.newBuilder()
            .setSpec(
                V1.PodSpec.newBuilder()
                    .addVolumes(
                        V1.Volume.newBuilder()
                            .setName("v")
                            .setVolumeSource(
                                V1.VolumeSource.newBuilder()
                                    .setEmptyDir(V1.EmptyDirVolumeSource.getDefaultInstance()))))
            .build();
    assertThat(read(protobuf("v1", "Pod", pod.toByteString())).path("spec").toString())
        .isEqualTo("{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}");
    V1.Secret secret =
        V1.Secret.newBuilder().putData("k", ByteString.copyFromUtf8("secret")).build();
    assertThat(read(protobuf("v1", "Secret", secret.toByteString())).path("data").toString())
        .isEqualTo("{\"k\":\"c2VjcmV0\"}");
  }

  @Test
  void damaged_protobuf_is_refused_and_nothing_else() {
    byte[] good = service();
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = good.clone();
      for (int flips = 0; flips < 3; flips++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        read(java.util.Arrays.copyOf(bad, random.nextInt(bad.length) + 1));
      } catch (ApiException e) {
        assertThat(e.code()).isEqualTo(400);
      } catch (java.util.NoSuchElementException e) {
        // The kind itself was hit: the test's own lookup does not know it.
        assertThat(e).isNotNull();
      }
    }
  }
}
