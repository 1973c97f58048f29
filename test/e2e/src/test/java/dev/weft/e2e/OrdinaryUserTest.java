package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.testkit.Settle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Somebody without root's rights has a lab, in a user namespace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdinaryUserTest {
  private static final String USER = "weft-e2e-user";
  private static final Path HOME = Path.of("/home", USER);
  private static final String WEFT = Lab.root().resolve("bin/weft").toString();

  @BeforeAll
  void there_is_a_user() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/newuidmap")), "no package uidmap");
    Command.of("userdel", "-r", USER).run();
    assumeTrue(
        Command.of("useradd", "-m", "-d", HOME.toString(), USER).run().exitCode() == 0,
        "no user can be made here");
    assumeTrue(as("test", "-x", WEFT).exitCode() == 0, "the checkout is not for others to read");
    assumeTrue(
        as("unshare", "--user", "--map-auto", "--map-root-user", "true").exitCode() == 0,
        "no user namespaces for ordinary users here");
  }

  @AfterAll
  void there_is_no_user_any_more() {
    if (Files.exists(HOME)) {
      as(WEFT, "lab", "reset");
      Command.of("userdel", "-r", USER).run();
    }
  }

  private static Command.Result as(String... words) {
    List<String> all = new ArrayList<>(List.of("runuser", "-u", USER, "--", "env", "-C", "/"));
    all.addAll(List.of(words));
    return new Command(
            all,
            Map.of(
                "HOME", HOME.toString(),
                "WEFT_LAB", "ordinary",
                "WEFT_HOME", HOME.resolve("weft").toString(),
                "KUBECONFIG", HOME.resolve("weft/labs/ordinary/kubeconfig").toString(),
                "JAVA_HOME", System.getProperty("java.home")),
            "",
            Duration.ofMinutes(3))
        .run();
  }

  private static String kubectl(String line) {
    List<String> all = new ArrayList<>(List.of("kubectl", "--context", "cluster1"));
    all.addAll(List.of(line.split(" ", -1)));
    return as(all.toArray(String[]::new)).orFail();
  }

  private static List<String> processes() {
    return Command.of("ps", "-u", USER, "-o", "args=").run().out().lines().toList();
  }

  @Test
  void a_lab_of_an_ordinary_user_works_and_leaves_nothing_also_after_a_crash() throws Exception {
    as(WEFT, "lab", "up", "--clusters", "1").orFail();
    kubectl("create deployment web --image=docker.io/kennethreitz/httpbin");
    kubectl("rollout status deployment/web --timeout=60s");
    assertThat(kubectl("exec deployment/web -c istio-proxy -- id -u").strip()).isEqualTo("1337");
    assertThat(as(WEFT, "lab", "shell", "--", "ip", "address", "show", "br0").orFail())
        .contains("172.18.0.1/16");
    assertThat(as(WEFT, "lab", "logs", "control").orFail()).contains("cluster cluster1");

    // The number that status shows is that of the process which others see.
    String part =
        as(WEFT, "lab", "status")
            .orFail()
            .lines()
            .filter(line -> line.startsWith("apiserver/cluster1"))
            .findFirst()
            .orElseThrow();
    ProcessHandle supervisor =
        ProcessHandle.of(Long.parseLong(part.split("\\s+")[2])).orElseThrow();
    assertThat(Files.readString(Path.of("/proc/" + supervisor.pid() + "/cmdline")))
        .contains("LabDaemon");
    supervisor.destroyForcibly();
    Settle.until(
        "nothing of the lab runs",
        Duration.ofSeconds(10),
        OrdinaryUserTest::processes,
        List::isEmpty);

    as(WEFT, "lab", "up", "--clusters", "1").orFail();
    kubectl("rollout status deployment/web --timeout=60s");
    assertThat(as(WEFT, "lab", "down").orFail()).contains("lab ordinary is down");
    assertThat(processes()).isEmpty();
    as(WEFT, "lab", "reset").orFail();
    assertThat(HOME.resolve("weft/labs/ordinary")).doesNotExist();
  }
}
