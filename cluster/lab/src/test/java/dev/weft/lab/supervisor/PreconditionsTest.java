package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PreconditionsTest {
  private static final Preconditions.Attempt WORKS = command -> Optional.empty();

  @TempDir private Path proc;
  @TempDir private Path tools;

  @BeforeEach
  void a_machine_with_everything() throws IOException {
    Files.createDirectories(proc.resolve("self/ns"));
    for (String each : List.of("net", "mnt", "pid", "uts")) {
      Files.createFile(proc.resolve("self/ns/" + each));
    }
    Files.writeString(proc.resolve("filesystems"), "nodev\tsysfs\nnodev\toverlay\n");
    for (String each :
        List.of("ip", "nft", "unshare", "nsenter", "setpriv", "mount", "newuidmap", "newgidmap")) {
      Files.createFile(
          tools.resolve(each),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    if (Rights.root(proc)) {
      Files.setAttribute(proc.resolve("self"), "unix:uid", 1001);
    }
  }

  private List<String> missing(Preconditions.Attempt attempt) {
    return new Preconditions(proc, List.of(tools), "jo", attempt).missing();
  }

  @Test
  void an_ordinary_user_lacks_nothing_where_user_namespaces_work() {
    assertThat(missing(WORKS)).isEmpty();
  }

  @Test
  void what_is_missing_is_named_with_its_package() throws IOException {
    Files.delete(tools.resolve("nft"));
    Files.delete(tools.resolve("newuidmap"));
    Files.delete(proc.resolve("self/ns/uts"));
    Files.writeString(proc.resolve("filesystems"), "nodev\tsysfs\n\text4\n");

    assertThat(missing(WORKS))
        .satisfiesExactly(
            s ->
                assertThat(s)
                    .startsWith("The program newuidmap is missing: install the package uidmap"),
            s ->
                assertThat(s)
                    .startsWith("The program nft is missing: install the package nftables"),
            s -> assertThat(s).startsWith("The kernel has no uts namespaces"),
            s -> assertThat(s).startsWith("The kernel has no overlay file system"));
  }

  /** The first command that has the word fails, with these words. */
  record Case(String name, String setting, String value, String word, String said, String out) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    return List.of(
        new Case(
            "no user namespaces at all",
            "sys/user/max_user_namespaces",
            "0",
            "--user",
            "unshare failed: No space left on device",
            "sudo sysctl -w user.max_user_namespaces=10000"),
        new Case(
            "only privileged ones",
            "sys/kernel/unprivileged_userns_clone",
            "0",
            "--user",
            "unshare failed: Operation not permitted",
            "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        new Case(
            "without rights in them",
            "sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "--map-auto",
            "write failed /proc/self/uid_map: Operation not permitted",
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
        new Case(
            "no range of ids",
            "sys/user/max_user_namespaces",
            "9000",
            "--map-auto",
            "unshare: no line matching user \"jo\" in /etc/subuid",
            "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 jo"),
        new Case(
            "an old unshare",
            "sys/user/max_user_namespaces",
            "9000",
            "--map-auto",
            "unshare: unrecognized option '--map-auto'",
            "install util-linux 2.38 or later"),
        new Case(
            "no mounts in them",
            "sys/user/max_user_namespaces",
            "9000",
            "--mount",
            "mount: /proc: permission denied.",
            "a container or a security module may forbid it"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_refusal_says_what_was_said_and_what_to_do(Case refusal) throws IOException {
    Path setting = proc.resolve(refusal.setting());
    Files.createDirectories(setting.getParent());
    Files.writeString(setting, refusal.value() + "\n");

    assertThat(
            missing(
                command ->
                    command.contains(refusal.word())
                        ? Optional.of(refusal.said())
                        : Optional.empty()))
        .singleElement()
        .asString()
        .contains(refusal.said(), refusal.out(), "or run it with sudo");
  }
}
