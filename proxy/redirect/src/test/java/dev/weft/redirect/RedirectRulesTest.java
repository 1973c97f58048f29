package dev.weft.redirect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectRulesTest {
  private static final List<String> INJECTED =
      List.of(
          "-p",
          "15001",
          "-z",
          "15006",
          "-u",
          "1337",
          "-m",
          "REDIRECT",
          "-i",
          "*",
          "-x",
          "",
          "-b",
          "*",
          "-d",
          "15090,15021,15020",
          "--log_output_level=default:info");

  private static RedirectOptions options(String kind) {
    return switch (kind) {
      case "injected" -> RedirectOptions.parse(INJECTED, Map.of(), List.of("10.96.0.10"));
      case "dns" ->
          RedirectOptions.parse(
              INJECTED,
              Map.of("ISTIO_META_DNS_CAPTURE", "true"),
              List.of("10.96.0.10", "fd00::10"));
      default ->
          RedirectOptions.parse(
              List.of(
                  "-i",
                  "10.0.0.0/8,fd00::/8",
                  "-x",
                  "10.1.0.0/16",
                  "-b",
                  "80,443",
                  "-o",
                  "3306",
                  "-q",
                  "8080"),
              Map.of(),
              List.of());
    };
  }

  /** Run with {@code -Dupdate.golden=true} to write the files anew. */
  @ParameterizedTest
  @CsvSource({"injected", "dns", "ranges"})
  void rules_are_as_written_down(String kind) throws IOException {
    String script = RedirectRules.render(options(kind));
    Path file = Path.of("src/test/golden/redirect", kind + ".nft");
    if (Boolean.getBoolean("update.golden")) {
      Files.writeString(file, script);
    }

    assertThat(script).isEqualTo(Files.readString(file));
  }

  @Test
  void wrong_flags_are_named() {
    assertThatThrownBy(() -> RedirectOptions.parse(List.of("-p", "0"), Map.of(), List.of()))
        .hasMessage("redirect: -p 0 is not a port in 1-65535");
    assertThatThrownBy(() -> RedirectOptions.parse(List.of("-m", "TPROXY"), Map.of(), List.of()))
        .hasMessageContaining("use REDIRECT");
    assertThatThrownBy(() -> RedirectOptions.parse(List.of("--what"), Map.of(), List.of()))
        .hasMessage("redirect: unknown flag --what");
    assertThatThrownBy(() -> RedirectOptions.parse(List.of("-i", "; drop"), Map.of(), List.of()))
        .hasMessageContaining("neither * nor an address range");
    assertThatThrownBy(
            () ->
                RedirectOptions.parse(
                    List.of("-c", "\"; include \"/etc/shadow"), Map.of(), List.of()))
        .hasMessageContaining("not the name of a network interface");
  }

  @Test
  void what_istio_can_and_this_cannot_is_refused_by_name_unless_nothing_is_asked_for() {
    assertThatThrownBy(() -> RedirectOptions.parse(List.of("-k", "eth1"), Map.of(), List.of()))
        .hasMessageContaining("-k is not supported")
        .hasMessageContaining("KubeVirt");
    RedirectOptions plain =
        RedirectOptions.parse(
            List.of("-k", "", "--run-validation=false", "-p", "15001"), Map.of(), List.of());
    assertThat(plain.outboundPort()).isEqualTo(15001);
  }
}
