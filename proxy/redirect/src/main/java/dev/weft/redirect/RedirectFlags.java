package dev.weft.redirect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The flags of {@code istio-iptables}, long and short, as they were written. */
final class RedirectFlags {
  private static final Map<String, String> LONG =
      Map.ofEntries(
          Map.entry("--envoy-port", "-p"),
          Map.entry("--inbound-capture-port", "-z"),
          Map.entry("--inbound-tunnel-port", "-e"),
          Map.entry("--proxy-uid", "-u"),
          Map.entry("--proxy-gid", "-g"),
          Map.entry("--istio-inbound-interception-mode", "-m"),
          Map.entry("--istio-inbound-ports", "-b"),
          Map.entry("--istio-local-exclude-ports", "-d"),
          Map.entry("--istio-local-outbound-ports-exclude", "-o"),
          Map.entry("--istio-outbound-ports", "-q"),
          Map.entry("--istio-service-cidr", "-i"),
          Map.entry("--istio-service-exclude-cidr", "-x"),
          Map.entry("--istio-exclude-interfaces", "-c"),
          Map.entry("--kube-virt-interfaces", "-k"),
          Map.entry("--cleanup", "--clean-up"),
          Map.entry("-n", "--dry-run"));
  private static final Set<String> WITH_VALUE =
      Set.of("-p", "-z", "-e", "-u", "-g", "-m", "-b", "-d", "-o", "-q", "-i", "-x", "-c");
  private static final Set<String> SWITCHES =
      Set.of(
          "--redirect-dns",
          "--capture-all-dns",
          "--dry-run",
          "--clean-up",
          "--skip-rule-apply",
          "--run-validation");

  /** Flags that change nothing here: how it is logged or which tool applies the rules. */
  private static final Set<String> IGNORED =
      Set.of("--log_output_level", "--log_as_json", "--native-nftables", "--drop-invalid");

  /**
   * Flags of Istio's with lists of what is not done here; leaving them out silently would be a
   * promise.
   */
  private static final Map<String, String> REFUSED =
      Map.of("-k", "virtual machines in pods (KubeVirt) are not redirected");

  private final Map<String, String> values = new HashMap<>();

  private RedirectFlags() {}

  static RedirectFlags read(List<String> args) {
    RedirectFlags flags = new RedirectFlags();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
      String written = equals < 0 ? arg : arg.substring(0, equals);
      String name = LONG.getOrDefault(written, written);
      if (WITH_VALUE.contains(name)) {
        if (equals < 0 && i + 1 >= args.size()) {
          throw new IllegalArgumentException("redirect: " + written + " needs a value");
        }
        flags.values.put(name, equals < 0 ? args.get(++i) : arg.substring(equals + 1));
      } else if (SWITCHES.contains(name)) {
        flags.values.put(name, equals < 0 ? "true" : arg.substring(equals + 1));
      } else if (REFUSED.containsKey(name)) {
        i = refused(args, i, written, name, equals < 0 ? "" : arg.substring(equals + 1));
      } else if (!IGNORED.contains(name)) {
        throw new IllegalArgumentException("redirect: unknown flag " + written);
      }
    }
    return flags;
  }

  /** Where the next argument is read on: a list that is empty asks for nothing. */
  private static int refused(List<String> args, int at, String written, String name, String value) {
    boolean next = value.isEmpty() && !args.get(at).contains("=");
    String said = next && at + 1 < args.size() ? args.get(at + 1) : value;
    if (!said.replace("\"", "").isBlank()) {
      throw new IllegalArgumentException(
          "redirect: " + written + " is not supported: " + REFUSED.get(name));
    }
    return next ? at + 1 : at;
  }

  boolean set(String name) {
    return "true".equals(values.get(name));
  }

  String text(String name, String otherwise) {
    String value = values.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** Values separated by commas; {@code ""} and {@code "\"\""} are empty lists. */
  List<String> list(String name) {
    String value = values.getOrDefault(name, "").replace("\"", "").strip();
    List<String> out = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      if (!part.isBlank()) {
        out.add(part.strip());
      }
    }
    return out;
  }

  int port(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    return number(name, value);
  }

  List<Integer> ports(String name) {
    return list(name).stream().map(p -> number(name, p)).toList();
  }

  private static int number(String name, String value) {
    if (value.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw new IllegalArgumentException(
        "redirect: " + name + " " + value + " is not a port in 1-65535");
  }
}
