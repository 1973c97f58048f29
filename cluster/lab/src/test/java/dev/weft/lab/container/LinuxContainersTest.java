package dev.weft.lab.container;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.container.ContainerRuntime.Spec;
import dev.weft.lab.net.ClusterDns;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Real containers in a real pod network: what they see, and how they end. */
class LinuxContainersTest extends ContainersInPod {
  @Test
  void a_command_runs_as_its_user_in_its_directory_with_exactly_its_environment() throws Exception {
    Run run =
        run(
            spec("id -u; id -g; id -G; pwd; cat /proc/1/comm; tr '\\0' '\\n' < /proc/$$/environ")
                .environment("NAME", "it's \"two\" words $HOME")
                .environment("my.dotted-name", "x")
                .user(1337, 1338)
                .in("/var/lib/new place"));

    assertThat(run.code()).isZero();
    assertThat(run.out().subList(0, 5))
        .containsExactly("1337", "1338", "1338", "/var/lib/new place", "sh");
    assertThat(run.out().subList(5, run.out().size()))
        .containsExactlyInAnyOrder(
            "PATH=" + ContainerScript.SYSTEM_PATH,
            "HOME=/",
            "HOSTNAME=web-1",
            "NAME=it's \"two\" words $HOME",
            "my.dotted-name=x");
  }

  @Test
  void a_container_has_its_own_host_name_resolver_processes_temporary_files_and_network()
      throws Exception {
    Path secret = Files.createTempFile("host", "secret");
    Run run =
        run(
            spec(
                "cat /etc/resolv.conf /etc/hosts /etc/hostname /proc/sys/kernel/hostname; echo $$;"
                    + " ls -d /proc/[0-9]*; ls /tmp /run /sys/class/net; ls /.weft-host; "
                    + "touch /etc/mark /mark /root/mark && echo written > /dev/null && echo ok"));
    Files.delete(secret);

    assertThat(run.out())
        .containsSubsequence(
            "nameserver 10.96.0.10", "10.244.0.2 web-1", "web-1", "web-1", "1", "/proc/1")
        .contains("eth0", "lo", "ok")
        .doesNotContain(String.valueOf(secret.getFileName()), "netns");
    assertThat(run.err()).hasSize(1).first().asString().contains("/.weft-host");
    assertThat(Path.of("/mark")).doesNotExist();
    assertThat(Path.of("/etc/mark")).doesNotExist();
  }

  @Test
  void nothing_of_the_machines_passwords_and_hidden_directories_is_seen() throws Exception {
    Run run = run(spec("cat /etc/shadow /etc/gshadow | wc -c; ls -A /var/cache; echo end"));

    assertThat(run.out()).containsExactly("0", "end");
  }

  @Test
  void a_read_only_root_leaves_only_volumes_to_be_written_to() throws Exception {
    Path data = Files.createDirectories(directory.resolve("writable"));
    Run run =
        run(
            spec("for f in /mark /etc/mark /run/mark /usr/mark /data/mark /dev/shm/mark; do"
                    + " ( : > $f ) 2>/dev/null && echo $f; done")
                .security(new Security(0, 0, List.of(), true))
                .mount(data, "/data", false));

    assertThat(run.out()).containsExactly("/data/mark", "/dev/shm/mark");
  }

  @Test
  void further_groups_are_those_of_the_process_and_of_exec() throws Exception {
    Run run = run(spec("id -u; id -G").security(new Security(1000, 1001, List.of(2000), false)));

    assertThat(run.out()).containsExactly("1000", "1001 2000");
  }

  @Test
  void the_systems_resolver_understands_the_clusters_dns_server() throws Exception {
    List<String> many = IntStream.range(0, 100).mapToObj(i -> "10.244.1." + i).toList();
    node.addLocalAddress("10.96.0.10");
    try (ClusterDns dns =
        ClusterDns.start(
            node.place().bindUdp("10.96.0.10", 53),
            node.place().listen("10.96.0.10", 53),
            name ->
                switch (name) {
                  case "web.default.svc.cluster.local" -> Optional.of(List.of("10.96.0.20"));
                  case "many.default.svc.cluster.local" -> Optional.of(many);
                  default -> Optional.empty();
                })) {
      Run run =
          run(
              spec(
                  "getent hosts web; getent hosts web.default.svc.cluster.local; getent hosts no;"
                      + " echo $?; getent ahostsv4 many | grep -c STREAM"));

      assertThat(dns).isNotNull();
      assertThat(run.out())
          .containsExactly(
              "10.96.0.20      web.default.svc.cluster.local",
              "10.96.0.20      web.default.svc.cluster.local",
              "2",
              "100");
    }
  }

  @Test
  void volumes_appear_at_their_paths_and_links_are_followed_inside_only() throws Exception {
    Path token = Files.createDirectories(directory.resolve("token"));
    Files.writeString(token.resolve("token"), "abc\n");
    Path file = Files.writeString(directory.resolve("app.conf"), "conf\n");
    Path empty = Files.createDirectories(directory.resolve("empty"));
    Run run =
        run(
            spec("cat /var/run/secrets/weft-test/token /etc/app/app.conf; echo x > /data/out;"
                    + " cat /data/inner/token; echo y > /etc/app/app.conf || echo read-only")
                .mount(token, "/var/run/secrets/weft-test", true)
                .mount(file, "/etc/app/app.conf", true)
                .mount(empty, "/data", false)
                .mount(token, "/data/inner", true));

    assertThat(run.out()).containsExactly("abc", "conf", "abc", "read-only");
    assertThat(empty.resolve("out")).hasContent("x");
    assertThat(Path.of("/run/secrets/weft-test")).doesNotExist();
    assertThat(Path.of("/etc/app")).doesNotExist();
  }

  @Test
  void both_outputs_are_in_the_log_with_time_stream_and_tag() throws Exception {
    Spec spec = spec("echo out; echo err >&2; printf end").build();
    start(spec).exit().get(10, SECONDS);

    assertThat(Files.readAllLines(spec.log()))
        .hasSize(3)
        .allMatch(
            line ->
                line.matches(
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z (stdout F (out|end)|stderr F"
                        + " err)"));
  }

  @Test
  void exit_codes_tell_the_code_or_the_signal() throws Exception {
    assertThat(run(spec("exit 7")).code()).isEqualTo(7);
    assertThat(run(spec("sh -c 'kill -SEGV $$'; exit $?")).code()).isEqualTo(128 + 11);
    Container sleeping = start(spec("exec sleep 1000").build());
    assertThat(sleeping.running()).isTrue();
    sleeping.stop(30);
    assertThat(sleeping.exit().get(10, SECONDS)).isEqualTo(128 + 9);
    assertThat(sleeping.running()).isFalse();
  }

  @Test
  void a_command_that_handles_termination_may_end_by_itself() throws Exception {
    Spec spec =
        spec("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done").build();
    Container container = start(spec);
    awaitLog(spec, "ready");
    container.stop(30);

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(3);
    assertThat(Files.readString(spec.log())).contains("stdout F bye");
  }

  @Test
  void a_command_that_ignores_termination_is_killed_after_the_grace_with_all_it_started()
      throws Exception {
    Spec spec =
        spec("trap 'echo no' TERM; sleep 1001 & echo ready; while :; do sleep 0.01; done").build();
    Container container = start(spec);
    awaitLog(spec, "ready");
    List<ProcessHandle> inside =
        ProcessHandle.of(container.pid()).orElseThrow().descendants().toList();
    container.stop(1);

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(128 + 9);
    assertThat(Files.readString(spec.log())).contains("stdout F no");
    assertThat(inside).isNotEmpty();
    for (ProcessHandle process : inside) {
      process.onExit().get(10, SECONDS);
    }
  }

  @Test
  void what_cannot_be_started_says_why() {
    assertThatThrownBy(() -> start(spec("").command("no-such-program", "-x").build()))
        .isInstanceOfSatisfying(
            ContainerStartException.class, e -> assertThat(e.exitCode()).isEqualTo(127))
        .hasMessage("exec: \"no-such-program\": executable file not found in $PATH");
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> start(spec("true").mount(missing, "/data", true).build()))
        .isInstanceOf(ContainerStartException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> start(spec("true").mount(directory, "/etc/passwd", true).build()))
        .isInstanceOfSatisfying(
            ContainerStartException.class, e -> assertThat(e.exitCode()).isEqualTo(128))
        .hasMessageContaining("/etc/passwd");
  }

  @Test
  void a_container_that_is_started_again_has_a_fresh_root() throws Exception {
    Spec spec = spec("ls /mark; touch /mark /tmp/mark && ls /tmp").build();
    for (int i = 0; i < 2; i++) {
      start(spec).exit().get(10, SECONDS);
    }

    assertThat(Files.readAllLines(spec.log()))
        .hasSize(4)
        .noneMatch(line -> line.endsWith("stdout F /mark"));
  }

  @Test
  void a_container_ends_with_its_network() throws Exception {
    LinuxNetwork other = LinuxNetwork.open("labnet-other" + ProcessHandle.current().pid());
    Place host = other.addHost("outside", "172.18.0.9");
    Container container = start(spec("exec sleep 1000").network(host).build());
    other.destroy();

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(128 + 9);
  }

  @Test
  void the_container_sees_directories_on_other_file_systems_but_no_pseudo_ones() {
    assertThat(
            HostMounts.needed(
                List.of(
                    "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/vda rw",
                    "2 1 0:5 / /proc rw shared:2 - proc proc rw",
                    "3 1 8:2 / /home rw - ext4 /dev/vdb rw",
                    "4 1 8:2 / /mnt/with\\040space rw shared:3 master:1 - xfs /dev/vdc rw",
                    "5 1 0:6 / /run/user/0 rw - tmpfs tmpfs rw",
                    "6 1 8:3 / /boot/efi rw - vfat /dev/vdd rw")))
        .containsExactly("/home", "/mnt/with space");
  }
}
