package dev.weft.lab.image;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Input;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.container.ContainerRuntime.Spec;
import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.net.LinuxNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class BuiltInImagesTest {
  private Path directory = Path.of("");
  private BuiltInImages images =
      new BuiltInImages(
          List.of("weft"), Path.of("/"), Path.of("/"), Path.of("/"), Path.of("/nowhere"));

  @BeforeEach
  void a_lab_directory() throws IOException {
    directory = Files.createTempDirectory("weft-lab-test");
    images =
        new BuiltInImages(
            List.of("weft"),
            Path.of(System.getProperty("java.home")),
            Path.of(
                BuiltInImages.class.getProtectionDomain().getCodeSource().getLocation().getPath()),
            directory,
            directory);
    images.prepare();
  }

  @AfterEach
  void no_directory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "registry.cn-hangzhou.aliyuncs.com/acs/curl:8.1.2, /bin/sh, 100",
    "curlimages/curl, /bin/sh, 100",
    "localhost:5000/sleep, sleep, 0",
    "registry-cn-hangzhou.ack.aliyuncs.com/ack-demo/httpbin:0.1.0, /opt/weft/jdk/bin/java, 0",
    "docker.io/kong/httpbin@sha256:0123, /opt/weft/jdk/bin/java, 0",
    "docker.io/mccutchen/go-httpbin:v2.15.0, /opt/weft/jdk/bin/java, 0",
    "docker.io/istio/examples-helloworld-v1, /opt/weft/jdk/bin/java, 0",
    "docker.io/istio/tcp-echo-server:1.3, /opt/weft/jdk/bin/java, 0",
    "docker.io/weftmesh/weft:0.2.0, weft, 1337",
    "docker.io/istio/proxyv2:1.22, weft, 1337",
    "weft/proxyv2, weft, 1337",
    "auto, weft, 1337"
  })
  void an_image_is_found_by_the_last_part_of_its_name(String name, String program, int user) {
    Image image = images.find(name).orElseThrow();

    assertThat(image.name()).isEqualTo(name);
    assertThat(image.entrypoint()).first().isEqualTo(program);
    assertThat(image.user()).isEqualTo(user);
  }

  @Test
  void an_unknown_image_is_not_found_and_the_known_ones_are_listed() {
    assertThat(images.find("docker.io/library/postgres:16")).isEmpty();
    assertThat(images.describe()).containsKeys("curl", "httpbin", "proxyv2");
  }

  @Test
  void a_user_maps_patterns_to_commands_and_goes_first() throws IOException {
    Files.writeString(
        directory.resolve("mappings"),
        """
        # mine
        postgres* -- /usr/bin/pg 'with space' "x y"z ''
        example.org/team/httpbin -- my-httpbin
        """);

    assertThat(images.find("docker.io/postgres16:1").orElseThrow().entrypoint())
        .containsExactly("/usr/bin/pg", "with space", "x yz", "");
    assertThat(images.find("example.org/team/httpbin:2").orElseThrow().entrypoint())
        .containsExactly("my-httpbin");
    assertThat(images.find("example.org/other/httpbin:2").orElseThrow().entrypoint())
        .doesNotContain("my-httpbin");
    assertThat(images.describe()).containsEntry("postgres*", "/usr/bin/pg with space x yz ");
  }

  @Test
  void a_broken_mapping_names_the_file_and_the_line() throws IOException {
    Files.writeString(directory.resolve("mappings"), "\npostgres: pg\n");

    assertThatThrownBy(() -> images.find("postgres"))
        .hasMessageContaining("mappings line 2")
        .hasMessageContaining("PATTERN -- COMMAND");
  }

  @Test
  void curl_reaches_httpbin_in_another_pod_whatever_starts_it() throws Exception {
    LinuxNetwork network = LinuxNetwork.open("labnet-images" + ProcessHandle.current().pid());
    List<Container> started = new ArrayList<>();
    try {
      var node =
          network.addNode(
              new NodePlan("west", "172.18.0.2", "10.244.0.0/16", "10.96.0.0/16", Map.of()));
      PodNetwork server = node.addPod("server");
      PodNetwork client = node.addPod("client");
      LinuxContainers runtime = new LinuxContainers(images.mounts(), List.of());
      Image httpbin = images.find("kennethreitz/httpbin").orElseThrow();
      started.add(runtime.start(spec("image", server, httpbin, httpbin.entrypoint(), 0)));
      List<String> command =
          List.of("gunicorn", "-b", "0.0.0.0:8080", "httpbin:app", "-k", "gevent");
      started.add(runtime.start(spec("command", server, httpbin, command, 1001)));
      Image curl = images.find("curlimages/curl").orElseThrow();
      for (String port : List.of("80", "8080")) {
        List<String> words = new ArrayList<>(curl.entrypoint());
        words.addAll(List.of("-s", "--retry", "50", "--retry-connrefused", "--retry-delay", "0"));
        words.add("http://" + server.address() + ":" + port + "/status/418");
        Spec asking = spec("ask" + port, client, curl, words, curl.user());
        assertThat(runtime.start(asking).exit().get(15, SECONDS)).isZero();
        assertThat(Files.readString(asking.log())).contains("-=[ teapot ]=-");
      }
    } finally {
      network.destroy();
      for (Container container : started) {
        container.exit().get(10, SECONDS);
      }
    }
  }

  private Spec spec(String id, PodNetwork pod, Image image, List<String> command, int user) {
    return new Spec(
        id,
        directory.resolve(id),
        pod.place(),
        command,
        image.environment(),
        "",
        List.of(),
        new Security(user, user, List.of(), false),
        id,
        "",
        "",
        Input.NONE,
        0,
        directory.resolve(id + ".log"));
  }
}
