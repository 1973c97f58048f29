package dev.weft.lab.container;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.apiserver.PodBackend.AttachRequest;
import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.apiserver.PodBackend.ExecRequest;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.container.ContainerRuntime.Input;
import dev.weft.lab.container.ContainerRuntime.Mount;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.container.ContainerRuntime.Spec;
import dev.weft.lab.net.ClusterDns;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.net.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Real containers in a real pod network. Needs root: fails, with the reason, without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(20)
class LinuxContainersTest {
  /** A directory that is there on every machine and in no container here. */
  private static final Path HIDDEN = Path.of("/var/cache");

  private final LinuxContainers containers = new LinuxContainers(List.of(), List.of(HIDDEN));
  private final List<Container> started = new ArrayList<>();
  private Path directory = Path.of("");
  private LinuxNetwork network;
  private NodeNetwork node;
  private Place pod;
  private int count;

  @BeforeAll
  void a_pod() throws IOException {
    directory = Files.createTempDirectory("weft-lab-test");
    network = LinuxNetwork.open("labnet-containers" + ProcessHandle.current().pid());
    node =
        network.addNode(
            new NodePlan("west", "172.18.0.2", "10.244.0.0/16", "10.96.0.0/16", Map.of()));
    pod = node.addPod("pod").place();
  }

  @AfterAll
  void no_network() throws IOException {
    network.destroy();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @AfterEach
  void no_container() throws Exception {
    for (Container container : started) {
      container.stop(0);
      container.exit().get(10, SECONDS);
    }
    started.clear();
  }

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
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z (stdout F (out|end)|stderr"
                        + " F err)"));
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
  void exec_shares_the_container_and_has_three_streams() throws Exception {
    Container container =
        start(spec("exec sleep 1000").environment("COLOR", "blue").user(1337, 1337).build());
    try (Exec exec =
        container.exec(
            request(
                true,
                false,
                "sh",
                "-c",
                "cat; id -u; echo $COLOR; ls -d /proc/1; echo e >&2; exit 5"))) {
      exec.stdin().write("typed\n".getBytes(StandardCharsets.UTF_8));
      exec.stdin().close();

      assertThat(text(exec.stdout())).isEqualTo("typed\n1337\nblue\n/proc/1\n");
      assertThat(text(exec.stderr())).isEqualTo("e\n");
      assertThat(exec.exitCode()).isEqualTo(5);
    }
    assertThat(code(container, "sh", "-c", "kill -TERM $$")).isEqualTo(128 + 15);
    assertThat(code(container, "no-such-program")).isEqualTo(127);
  }

  @Test
  void what_is_typed_reaches_the_command_at_once() throws Exception {
    Container container = start(spec("exec sleep 1000").build());
    try (Exec exec = container.exec(request(true, false, "cat"))) {
      exec.stdin().write('x');
      assertThat(exec.stdout().read()).isEqualTo('x');
    }
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
  void exec_is_killed_when_it_is_closed() throws Exception {
    Container container = start(spec("exec sleep 1000").build());
    Exec exec = container.exec(request(false, false, "sh", "-c", "echo $$; exec sleep 1002"));
    String pid = "";
    for (int c = exec.stdout().read(); c != '\n'; c = exec.stdout().read()) {
      pid += (char) c;
    }
    assertThat(code(container, "test", "-d", "/proc/" + pid)).isZero();
    exec.close();
    assertThat(exec.exitCode()).isEqualTo(128 + 9);
    while (code(container, "test", "-d", "/proc/" + pid) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_terminal_is_real() throws Exception {
    Container container = start(spec("exec sleep 1000").user(1337, 1337).build());
    try (Exec exec =
        container.exec(
            request(
                true,
                true,
                "sh",
                "-c",
                "tty; echo $TERM; read line; stty size; trap 'echo interrupted; exit 4' INT; echo"
                    + " go; : > /dev/tty; while :; do sleep 0.01; done"))) {
      exec.resize(132, 50);
      exec.stdin().write("typed\n".getBytes(StandardCharsets.UTF_8));
      InputStream out = exec.stdout();
      String until = "";
      while (!until.contains("go\r\n")) {
        until += (char) out.read();
      }
      assertThat(until).contains("/dev/pts/0\r\n", "xterm\r\n", "typed\r\n", "50 132\r\n");
      exec.stdin().write(3);

      assertThat(text(out)).contains("interrupted");
      assertThat(exec.exitCode()).isEqualTo(4);
    }
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

  private static int code(Container container, String... command) throws Exception {
    try (Exec exec = container.exec(request(false, false, command))) {
      text(exec.stdout());
      return exec.exitCode();
    }
  }

  private static ExecRequest request(boolean stdin, boolean tty, String... command) {
    return new ExecRequest(List.of(command), stdin, tty);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void awaitLog(Spec spec, String word) throws IOException {
    while (!Files.readString(spec.log()).contains(word)) {
      Thread.onSpinWait();
    }
  }

  private Container start(Spec spec) throws IOException {
    Container container = containers.start(spec);
    started.add(container);
    return container;
  }

  @Test
  void who_attaches_hears_what_is_said_and_is_heard() throws Exception {
    Container container = start(spec("cat; echo end >&2").reading(Input.ONCE).build());
    Exec listener = container.attach(new AttachRequest(false, false));
    Exec speaker = container.attach(new AttachRequest(true, false));

    speaker.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(listener.stdout().readNBytes(6), StandardCharsets.UTF_8))
        .isEqualTo("hello\n");
    speaker.close();

    assertThat(text(listener.stderr())).isEqualTo("end\n");
    assertThat(text(listener.stdout())).isEmpty();
    assertThat(listener.exitCode()).isZero();
    assertThat(container.exit().get(10, SECONDS)).isZero();
  }

  @Test
  void who_takes_more_memory_than_the_limit_is_ended_where_the_machine_lets_us() throws Exception {
    String greedy = "head -c 200000000 /dev/zero | tail -c 150000000 | wc -c";
    Spec spec =
        spec("exec 2>/dev/null; " + greedy + " & wait $!; exit 137").memory(64L << 20).build();
    Container container = start(spec);
    assumeTrue(container.limited(), "this machine has no control groups for us");

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(137);
    assertThat(container.outOfMemory()).isTrue();
  }

  @Test
  void who_ends_within_the_limit_is_not_said_to_have_passed_it() throws Exception {
    Container container = start(spec("exit 3").memory(64L << 20).build());

    assertThat(container.exit().get(10, SECONDS)).isEqualTo(3);
    assertThat(container.outOfMemory()).isFalse();
  }

  @Test
  void who_goes_leaves_the_container_running() throws Exception {
    Container container = start(spec("cat").reading(Input.OPEN).build());
    try (Exec first = container.attach(new AttachRequest(true, true))) {
      first.stdin().close();
      assertThat(first.stderr().readAllBytes()).isEmpty();
    }

    Exec second = container.attach(new AttachRequest(true, true));
    second.stdin().write("still\n".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(second.stdout().readNBytes(6), StandardCharsets.UTF_8))
        .isEqualTo("still\n");
    second.close();
    assertThat(second.stdout().readAllBytes()).isEmpty();
    assertThat(container.running()).isTrue();
  }

  private Run run(SpecBuilder builder) throws Exception {
    Spec spec = builder.build();
    int code = start(spec).exit().get(10, SECONDS);
    List<String> out = new ArrayList<>();
    List<String> err = new ArrayList<>();
    for (String line : Files.readAllLines(spec.log())) {
      String[] fields = line.split(" ", 4);
      (fields[1].equals("stdout") ? out : err).add(fields[3]);
    }
    return new Run(code, out, err);
  }

  private SpecBuilder spec(String shell) {
    return new SpecBuilder("c" + ++count).command("sh", "-c", shell);
  }

  private record Run(int code, List<String> out, List<String> err) {}

  private final class SpecBuilder {
    private final String id;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<Mount> mounts = new ArrayList<>();
    private List<String> command = List.of();
    private String workingDirectory = "";
    private Security security = Security.ROOT;
    private Place network = pod;
    private Input input = Input.NONE;
    private long memoryBytes;

    SpecBuilder(String id) {
      this.id = id;
    }

    SpecBuilder command(String... words) {
      command = List.of(words);
      return this;
    }

    SpecBuilder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    SpecBuilder mount(Path source, String target, boolean readOnly) {
      mounts.add(new Mount(source, target, readOnly));
      return this;
    }

    SpecBuilder user(int uid, int gid) {
      security = new Security(uid, gid, List.of(), false);
      return this;
    }

    SpecBuilder security(Security wanted) {
      security = wanted;
      return this;
    }

    SpecBuilder in(String path) {
      workingDirectory = path;
      return this;
    }

    SpecBuilder reading(Input wanted) {
      input = wanted;
      return this;
    }

    SpecBuilder memory(long bytes) {
      memoryBytes = bytes;
      return this;
    }

    SpecBuilder network(Place place) {
      network = place;
      return this;
    }

    Spec build() {
      return new Spec(
          id,
          directory.resolve(id),
          network,
          command,
          environment,
          workingDirectory,
          mounts,
          security,
          "web-1",
          "nameserver 10.96.0.10\nsearch default.svc.cluster.local\noptions ndots:5\n",
          "10.244.0.2 web-1\n",
          input,
          memoryBytes,
          directory.resolve(id + ".log"));
    }
  }
}
