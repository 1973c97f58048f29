package dev.weft.lab.container;

import dev.weft.lab.container.ContainerRuntime.Mount;
import dev.weft.lab.container.ContainerRuntime.Security;
import dev.weft.lab.container.ContainerRuntime.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the shell scripts of a container. They are files and not arguments, because arguments,
 * which would hold the environment with its secrets, are visible to every user of the host.
 */
final class ContainerScript {
  static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Printed on standard output just before the command runs: all before it is setting up. */
  static final String READY = "\u0001weft container ready";

  /** Where the host's root is while the container is set up. */
  static final String HOST = "/.weft-host";

  static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

  private ContainerScript() {}

  /**
   * The first process of the container, in new mount, process and host name namespaces. Its working
   * directory is the container's directory. Mount targets are made after the change of root, so
   * that links such as /var/run are followed inside the container and never on the host.
   */
  static String start(Spec spec) {
    StringBuilder script = new StringBuilder();
    script.append("exec 5>&2 2>>setup.log\nset -eu\numask 022\nPATH=").append(SYSTEM_PATH);
    script.append(
        """

        root=$PWD/root
        overlay() {
          mount -t overlay overlay \\
            -o "lowerdir=$1,upperdir=upper$1,workdir=work$2$3" "$root$1"
        }
        scratch() {
          mount -t tmpfs -o mode=755 tmpfs scratch
          mkdir scratch/work
          cp -a upper scratch/upper
          cd scratch
        }
        # Volatile: the disk need not be waited for at the end, as the container's root is not kept.
        # In a user namespace the mounts below / cannot be taken off, and the kernel makes no overlay
        # of a directory that has such mounts below it: so each directory of / gets its own.
        # Directories of users that do not exist in the namespace cannot be written to; those that
        # something is to be mounted in are made before, in the upper layer, whose owner counts.
        own() {
          for directory in DIRECTORIES; do
            path=$(realpath -m "$directory")
            case $path in /proc/* | /sys/* | /dev/* | /run/* | /tmp/*) continue ;; esac
            mkdir -p "upper$path"
          done
        }
        pieces() {
          mount -t tmpfs -o mode=755 tmpfs "$root"
          for entry in /*; do
            case $entry in /proc | /sys | /dev | /run | /tmp) continue ;; esac
            if [ -L "$entry" ]; then
              cp -P "$entry" "$root$entry"
            elif [ -d "$entry" ]; then
              mkdir -p "upper$entry" "work$entry" "$root$entry"
              overlay "$entry" "$entry" ,userxattr,volatile || mount --rbind "$entry" "$root$entry"
            fi
          done
          mkdir -p "$root/proc" "$root/sys" "$root/run" "$root/tmp" "$root/.weft-host"
          cp -a upper/dev "$root/dev"
        }
        read -r inside outside count < /proc/self/uid_map
        if [ "$count" != 4294967295 ]; then
          own
          pieces
        elif ! overlay / '' ,volatile && ! overlay / '' ''; then
          scratch
          overlay / '' ''
        fi
        : > "${root%/root}/setup.log"
        cd "$root"
        mount -t proc -o nosuid,nodev,noexec proc proc
        pivot_root . .weft-host
        cd /
        """
            .replace("DIRECTORIES", directories(spec)));
    script.append("mount -a -T ").append(quote(HOST + real(spec.directory()) + "/fstab"));
    script.append("\nmount -t sysfs -o ro,nosuid,nodev,noexec sysfs /sys 2>/dev/null");
    script.append(" || mount -o bind,ro ").append(HOST).append("/sys /sys\n");
    String name = quote(spec.hostname());
    script.append(
        "{ echo %s > /proc/sys/kernel/hostname; } 2>/dev/null || hostname %s\n"
            .formatted(name, name));
    for (Mount mount : spec.mounts()) {
      script.append(mount(mount));
    }
    String directory = quote(workingDirectory(spec));
    script.append("umount -l ").append(HOST).append("\nrmdir ").append(HOST).append('\n');
    script
        .append("[ -d ")
        .append(directory)
        .append(" ] || mkdir -p ")
        .append(directory)
        .append('\n');
    if (spec.security().readOnlyRoot()) {
      script.append(readOnly(spec));
    }
    script.append("terminal=\n");
    script.append(run(spec, "printf '%s\\n' " + quote(READY) + "\nexec 2>&5 5>&-"));
    return script.toString();
  }

  /** Only volumes can be written to, as with Kubernetes: {@code /tmp} is none of them. */
  private static String readOnly(Spec spec) {
    List<String> kept = new ArrayList<>(List.of("/proc", "/sys", "/dev"));
    spec.mounts().forEach(mount -> kept.add(mount.target()));
    return """
        for entry in / /*; do
          case $entry in KEPT) continue ;; esac
          [ -L "$entry" ] || mount -o remount,bind,ro "$entry" 2>/dev/null || [ "$entry" != / ]
        done
        """
        .replace(
            "KEPT", kept.stream().map(ContainerScript::quote).collect(Collectors.joining(" | ")));
  }

  /**
   * What a command of {@code exec} begins with; the first argument is non-empty with a terminal.
   */
  static String enter(Spec spec) {
    return "exec 3<&-\nPATH=" + SYSTEM_PATH + "\numask 022\nterminal=$1\nshift\n" + run(spec, "");
  }

  /**
   * Mounts that every container has, for {@code mount -a}; all sources are below {@link #HOST}.
   *
   * @param hidden directories of the host in whose place there is an empty one
   * @param common what may lie in those again
   */
  static String fileSystems(
      Spec spec, List<String> hostMounts, List<Path> hidden, List<Mount> common) {
    StringBuilder table = new StringBuilder();
    table.append("devpts /dev/pts devpts newinstance,ptmxmode=0666,mode=0620,nosuid,noexec 0 0\n");
    table.append("tmpfs /dev/shm tmpfs mode=1777,nosuid,nodev 0 0\n");
    table.append("tmpfs /run tmpfs mode=755,nosuid,nodev 0 0\n");
    for (String device : DEVICES) {
      table.append(bind("/dev/" + device, "/dev/" + device, "bind"));
    }
    table.append(bind(real(spec.directory()) + "/tmp", "/tmp", "bind"));
    for (String path : hostMounts) {
      table.append(bind(path, path, "bind,ro"));
    }
    for (Path path : hidden) {
      table.append("tmpfs %s tmpfs mode=755,nosuid,nodev 0 0\n".formatted(escape(real(path))));
    }
    for (Mount mount : common) {
      String options = mount.readOnly() ? "bind,ro,X-mount.mkdir" : "bind,X-mount.mkdir";
      table.append(bind(real(mount.source()), mount.target(), options));
    }
    return table.toString();
  }

  /** With the defaults of the container runtime interface for what an image would set. */
  static Map<String, String> environment(Spec spec) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", SYSTEM_PATH);
    environment.put("HOME", spec.security().user() == 0 ? "/root" : "/");
    environment.put("HOSTNAME", spec.hostname());
    environment.putAll(spec.environment());
    return environment;
  }

  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Which directories there must be, as words of a command. */
  private static String directories(Spec spec) {
    List<String> all = new ArrayList<>();
    spec.mounts().forEach(mount -> all.add(directory(mount)));
    all.add(workingDirectory(spec));
    return all.stream().distinct().map(ContainerScript::quote).collect(Collectors.joining(" "));
  }

  /** The target itself, or what a file is mounted in. */
  private static String directory(Mount mount) {
    Path target = Path.of(mount.target());
    Path parent = target.getParent();
    return Files.isDirectory(mount.source()) || parent == null
        ? target.toString()
        : parent.toString();
  }

  private static String mount(Mount mount) {
    String source = quote(HOST + real(mount.source()));
    String target = quote(mount.target());
    String directory = quote(directory(mount));
    StringBuilder script = new StringBuilder();
    script.append("[ -d %s ] || mkdir -p %s\n".formatted(directory, directory));
    if (!Files.isDirectory(mount.source())) {
      script.append("[ -e %s ] || : > %s\n".formatted(target, target));
    }
    String options = mount.readOnly() ? "bind,ro" : "bind";
    return script.append("mount -o %s %s %s\n".formatted(options, source, target)).toString();
  }

  /** Ends in the command, which is in the script's arguments. Signals are as a program expects. */
  private static String run(Spec spec, String ready) {
    Map<String, String> environment = environment(spec);
    StringBuilder script = new StringBuilder();
    script.append("cd ").append(quote(workingDirectory(spec))).append('\n');
    script.append("PATH=").append(quote(environment.getOrDefault("PATH", SYSTEM_PATH)));
    script.append(
        """

        if ! command -v "$1" >/dev/null 2>&1; then
          printf 'exec: "%s": executable file not found in $PATH\\n' "$1" >&2
          exit 127
        fi
        """);
    script.append("PATH=").append(SYSTEM_PATH).append('\n').append(ready).append("\nexec ");
    Security security = spec.security();
    if (!security.groups().isEmpty() || security.user() != 0 || security.group() != 0) {
      String groups =
          security.groups().stream().map(String::valueOf).collect(Collectors.joining(","));
      script.append(
          "setpriv --reuid %d --regid %d %s "
              .formatted(
                  security.user(),
                  security.group(),
                  groups.isEmpty() ? "--clear-groups" : "--groups " + groups));
    }
    script.append("env -i --default-signal ${terminal:+TERM=xterm}");
    List<String> words = new ArrayList<>();
    environment.forEach((name, value) -> words.add(quote(name + "=" + value)));
    return script
        .append(" \\\n  ")
        .append(String.join(" \\\n  ", words))
        .append(" \"$@\"\n")
        .toString();
  }

  private static String workingDirectory(Spec spec) {
    return spec.workingDirectory().isBlank() ? "/" : spec.workingDirectory();
  }

  private static String bind(String source, String target, String options) {
    return escape(HOST + source) + " " + escape(target) + " none " + options + " 0 0\n";
  }

  private static String escape(String path) {
    return path.replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012")
        .replace("#", "\\043");
  }

  /** Without links, which would lead elsewhere below the container's root. */
  private static String real(Path path) {
    try {
      return path.toRealPath().toString();
    } catch (java.io.IOException e) {
      return path.toAbsolutePath().normalize().toString();
    }
  }
}
