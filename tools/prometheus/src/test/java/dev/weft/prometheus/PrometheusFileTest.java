package dev.weft.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PrometheusFileTest {
  @TempDir Path directory;

  private record Case(String name, String yaml, String complaint) {}

  @Test
  void a_server_is_its_url_and_what_is_usual() throws Exception {
    assertThat(read("servers: [{url: 'http://prometheus.istio-system:9090'}]"))
        .containsExactly(
            new PrometheusServer(
                "prometheus.istio-system:9090",
                URI.create("http://prometheus.istio-system:9090"),
                "",
                Access.OPEN,
                Map.of(),
                Map.of(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15)));
  }

  @Test
  void every_field_is_read() throws Exception {
    Files.writeString(directory.resolve("token"), "s3cret\n");
    Files.writeString(directory.resolve("ca.crt"), "PEM\n");

    List<PrometheusServer> servers =
        read(
            """
            servers:
            - name: ack-1
              url: https://metrics.example.com/api/team
              cluster: ack-1
              authorization: {credentials_file: token}
              tls_config: {ca_file: ca.crt}
              headers: {X-Scope-OrgID: team}
              params: {dedup: "true"}
              query_scope: {mesh_id: mesh1}
              remote_timeout: 2s
              scrape_interval: 500ms
            - url: http://other:9090
              basic_auth: {username: me, password: hidden}
            """);

    assertThat(servers.getFirst())
        .isEqualTo(
            new PrometheusServer(
                "ack-1",
                URI.create("https://metrics.example.com/api/team"),
                "ack-1",
                new Access(
                    new Access.Credential.Token("Bearer", "s3cret"),
                    "PEM",
                    Map.of("X-Scope-OrgID", "team")),
                Map.of("mesh_id", "mesh1"),
                Map.of("dedup", "true"),
                Duration.ofSeconds(2),
                Duration.ofMillis(500)));
    assertThat(servers.getLast().access().authorization()).contains("Basic bWU6aGlkZGVu");
    assertThat(servers.toString()).doesNotContain("hidden", "s3cret");
    assertThat(servers.getLast().access().toString()).doesNotContain("hidden");
  }

  @Test
  void without_a_file_there_is_no_server() throws Exception {
    assertThat(new PrometheusFile(directory.resolve("none")).read()).isEmpty();
  }

  @Test
  void what_is_no_yaml_is_not_quoted() {
    assertThatThrownBy(() -> read("servers: [{url: 'http://a', basic_auth: {password: 'hidden}}]"))
        .hasMessageContaining("is no YAML")
        .hasMessageNotContaining("hidden");
  }

  @TestFactory
  Stream<DynamicTest> complaints() {
    return Stream.of(
            new Case("no url", "servers: [{name: a}]", "servers[0].url: is needed"),
            new Case("no list", "servers: {url: x}", "servers: must be a list"),
            new Case(
                "unknown field",
                "servers: [{url: 'http://a', bearer_token: x}]",
                "servers[0].bearer_token: is no field that is known; there are authorization,"),
            new Case(
                "a user in the URL",
                "servers: [{url: 'http://me:hidden@a'}]",
                "servers[0].url: must be http:// or https://"),
            new Case(
                "a file that is not there",
                "servers: [{url: 'http://a', authorization: {credentials_file: gone}}]",
                "servers[0].authorization.credentials_file: cannot be read"),
            new Case(
                "both",
                "servers: [{url: 'http://a', authorization: {credentials: x}, basic_auth: {}}]",
                "servers[0].basic_auth: cannot be combined with authorization"),
            new Case(
                "neither",
                "servers: [{url: 'http://a', basic_auth: {username: me}}]",
                "servers[0].basic_auth.password: or password_file is needed"),
            new Case(
                "a duration",
                "servers: [{url: 'http://a', scrape_interval: 15}]",
                "servers[0].scrape_interval: '15' is not a duration"),
            new Case(
                "a header",
                "servers: [{url: 'http://a', headers: {Host: x}}]",
                "servers[0].headers: 'Host' is no header"),
            new Case(
                "a label",
                "servers: [{url: 'http://a', query_scope: {'a-b': x}}]",
                "servers[0].query_scope: 'a-b' is not the name of a label"),
            new Case(
                "twice",
                "servers: [{url: 'http://a'}, {url: 'http://a/'}]",
                "servers[1].name: 'a' is that of another server too"))
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.name(),
                    () ->
                        assertThatThrownBy(() -> read(c.yaml()))
                            .isInstanceOf(PrometheusFileException.class)
                            .hasMessageContaining(c.complaint())
                            .hasMessageNotContaining("hidden")));
  }

  private List<PrometheusServer> read(String yaml) throws IOException, PrometheusFileException {
    Path file = Files.writeString(directory.resolve("prometheus.yaml"), yaml);
    return new PrometheusFile(file).read();
  }
}
