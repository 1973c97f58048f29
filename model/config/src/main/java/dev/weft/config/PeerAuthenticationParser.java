package dev.weft.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code security.istio.io PeerAuthentication}. */
final class PeerAuthenticationParser {
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
  private static final int MAX_PORT = 65535;

  private PeerAuthenticationParser() {}

  static PeerAuthentication read(ObjectMeta meta, TreeReader spec) {
    Map<String, String> selector =
        NameChecks.workloads(spec, "selector", "matchLabels", "it holds for the whole namespace");
    MtlsMode mode = spec.object("mtls", PeerAuthenticationParser::mode);
    Map<Integer, MtlsMode> ports = new LinkedHashMap<>();
    spec.entries(
        "portLevelMtls",
        (port, reader) -> {
          MtlsMode portMode = mode(reader);
          if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
            spec.error("portLevelMtls." + port, "a port number from 1 to 65535 is needed");
          } else if (portMode != null) {
            ports.put(Integer.parseInt(port), portMode);
          }
        });
    if (spec.any("portLevelMtls") instanceof Map<?, ?> map && map.isEmpty()) {
      spec.error("portLevelMtls", "there is no port in it: name one, or take it away");
    }
    if (!ports.isEmpty() && selector.isEmpty()) {
      spec.error(
          "portLevelMtls",
          "only works with a selector: name the workloads by selector.matchLabels");
    }
    return new PeerAuthentication(meta, selector, mode, ports);
  }

  private static @Nullable MtlsMode mode(TreeReader reader) {
    return reader.constant("mode", MtlsMode.class, "UNSET");
  }
}
