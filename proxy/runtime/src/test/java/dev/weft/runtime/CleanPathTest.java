package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Spellings of paths. Istio: tests/integration/security/normalization_test.go. */
class CleanPathTest {
  private static final String REFUSED = "refused";

  /** Istio's settings, as control planes send them. */
  private enum Setting {
    NONE(PathNormalization.OFF),
    BASE(new PathNormalization(true, false, EscapedSlashes.KEEP)),
    MERGE(new PathNormalization(true, true, EscapedSlashes.KEEP)),
    DECODE(new PathNormalization(true, true, EscapedSlashes.UNESCAPE_AND_FORWARD));

    private final PathNormalization rules;

    Setting(PathNormalization rules) {
      this.rules = rules;
    }

    String clean(String target) {
      return switch (CleanPath.of(target, rules)) {
        case CleanPath.Same same -> target;
        case CleanPath.Changed changed -> changed.target();
        case CleanPath.Redirected redirected -> "redirected to " + redirected.target();
        case CleanPath.Refused refused -> REFUSED;
      };
    }
  }

  private record Case(String path, String base, String merged, String decoded) {
    static Case of(String path, String base, String merged, String decoded) {
      return new Case(path, base, merged, decoded);
    }

    /** The same by all rules. */
    static Case of(String path, String clean) {
      return new Case(path, clean, clean, clean);
    }

    static Case kept(String path) {
      return of(path, path);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        Case.kept("/"),
        Case.kept("/app"),
        Case.kept("/app/"),
        Case.kept("*"),
        Case.of("/app/../admin", "/admin"),
        Case.of("/./admin", "/admin"),
        Case.of("/admin/.", "/admin/"),
        Case.of("/app/..", "/"),
        Case.of("/..", "/"),
        Case.of("/../../admin", "/admin"),
        Case.of("/%2e/admin", "/admin"),
        Case.of("/app/%2E./admin", "/admin"),
        Case.of("/app/.%2e", "/"),
        Case.of("/app/%2e%2E/%2e%2e/admin", "/admin"),
        Case.of("//admin", "//admin", "/admin", "/admin"),
        Case.of("/app//", "/app//", "/app/", "/app/"),
        Case.of("/app//../admin", "/app/admin"),
        Case.of("/app//../../admin", "/admin"),
        Case.of("/app/%2f", "/app/%2f", "/app/%2f", "/app/"),
        Case.of("/app%2F/", "/app%2F/", "/app%2F/", "/app/"),
        Case.of("/a%2f..%2fadmin", "/a%2f..%2fadmin", "/a%2f..%2fadmin", "/admin"),
        Case.of("/a%5c..%5Cadmin", "/a%5c..%5Cadmin", "/a%5c..%5Cadmin", "/admin"),
        Case.of("/xyz%30..//abc", "/xyz0..//abc", "/xyz0../abc", "/xyz0../abc"),
        Case.of("/app\\admin", "/app/admin"),
        Case.of("/app\\..\\admin", "/admin"),
        Case.of("/app/\\/\\/\\admin", "/app//////admin", "/app/admin", "/app/admin"),
        Case.of(
            "/%2Fapp%5cadmin%5Cabc",
            "/%2Fapp%5cadmin%5Cabc", "/%2Fapp%5cadmin%5Cabc", "/app/admin/abc"),
        Case.of(
            "/%5Capp%2f%5c%2F%2e%2e%2fadmin%5c\\abc",
            "/%5Capp%2f%5c%2F..%2fadmin%5c/abc",
            "/%5Capp%2f%5c%2F..%2fadmin%5c/abc",
            "/app/admin/abc"),
        Case.of("/%c0%2e%c0%2e/admin", "/%c0.%c0./admin"),
        Case.of("/%c0%2fadmin", "/%c0%2fadmin", "/%c0%2fadmin", "/%c0/admin"),
        Case.kept("/%252e%252e/admin"),
        Case.kept("/%252e%252e%252fadmin"),
        Case.kept("/%c0%ae%c0%ae/admin"),
        Case.kept("/.../admin"),
        Case.kept("/.well-known/a..b/c."),
        Case.kept("/;/admin"),
        Case.kept("/admin;a=b/xyz,!$&'()*+:@[]~"),
        Case.kept("/Admin"),
        Case.of("/x/..;/admin", "/admin"),
        Case.of("/x/.;a=b/admin", "/x/admin"),
        Case.of("/x/..;a=b", "/"),
        Case.of("/a b\"<>^`{|}\u00e9", "/a%20b%22%3C%3E%5E%60%7B%7C%7D%E9"),
        Case.of("/caf%c3%A9/%7euser", "/caf%c3%A9/~user"),
        Case.kept("/100%"),
        Case.kept("/%zz/%1"),
        // Unescaped, these would be escapes of their own.
        Case.kept("/x/%2%65%2%65/admin"),
        Case.kept("/x/%%32e%%32e/admin"),
        Case.kept("/x%2%66admin"),
        Case.of("/admin%00", REFUSED),
        Case.of("/xyz/.%00../abc", REFUSED),
        Case.of("/app/..?a=/../b//c%2f", "/?a=/../b//c%2f"),
        Case.kept("/app?a=/../b//c%2f\u00e9"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_path_has_one_spelling(Case c) {
    assertThat(Setting.NONE.clean(c.path())).isEqualTo(c.path());
    assertThat(Setting.BASE.clean(c.path())).as("base").isEqualTo(c.base());
    assertThat(Setting.MERGE.clean(c.path())).as("merged").isEqualTo(c.merged());
    assertThat(Setting.DECODE.clean(c.path())).as("decoded").isEqualTo(c.decoded());
  }

  @Test
  void what_a_clean_path_is_not_asked_about_again_is_what_it_is() {
    for (String clean : List.of("/", "/index.html", "/a%20b/c.d?e=../f", "/a..b")) {
      assertThat(CleanPath.of(clean, Setting.MERGE.rules)).isSameAs(CleanPath.SAME);
    }
  }

  @Test
  void only_unreserved_characters_and_slashes_are_unescaped() {
    IntStream.range(1, 256)
        .forEach(
            i -> {
              String escape = "%" + HexFormat.of().toHexDigits((byte) i);
              boolean unreserved =
                  i < 128 && (Character.isLetterOrDigit(i) || "-._~".indexOf(i) >= 0);
              String expected =
                  i == '/' || i == '\\' ? "/" : unreserved ? Character.toString(i) : escape;
              assertThat(Setting.DECODE.clean("/admin" + escape)).isEqualTo("/admin" + expected);
            });
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void a_cleaned_path_is_clean_and_has_no_dot_segments(Setting setting) {
    Random random = new Random(7);
    String[] parts = {
      "/", "//", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "a", "%", "2", "e", "%65", "%32", ";",
      "%25", "5c", " "
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder path = new StringBuilder("/");
      for (int n = random.nextInt(12); n > 0; n--) {
        path.append(parts[random.nextInt(parts.length)]);
      }
      String clean = setting.clean(path.toString());
      assertThat(setting.clean(clean)).as("%s", path).isEqualTo(clean);
      if (setting != Setting.NONE) {
        assertThat(clean.split("/", -1)).as("%s", path).doesNotContain(".", "..");
        assertThat(clean).as("%s", path).doesNotContain("\\");
      }
      if (setting == Setting.DECODE) {
        assertThat(clean).as("%s", path).doesNotContainIgnoringCase("%2f").doesNotContain("//");
      }
    }
  }

  @Test
  void escaped_slashes_can_be_refused_or_answered_with_the_path_to_ask_for() {
    PathNormalization reject = new PathNormalization(true, false, EscapedSlashes.REJECT);
    PathNormalization redirect =
        new PathNormalization(true, false, EscapedSlashes.UNESCAPE_AND_REDIRECT);
    assertThat(CleanPath.of("/a%2fb", reject)).isInstanceOf(CleanPath.Refused.class);
    assertThat(CleanPath.of("/a/../b", reject)).isEqualTo(new CleanPath.Changed("/b"));
    assertThat(CleanPath.of("/a%2F../b?c", redirect)).isEqualTo(new CleanPath.Redirected("/b?c"));
    assertThat(CleanPath.of("/a/../b", redirect)).isEqualTo(new CleanPath.Changed("/b"));
  }
}
