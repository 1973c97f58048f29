package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimRuleTest {
  private record Token(Map<String, Object> claims) implements RequestView {
    @Override
    public CharSequence authority() {
      return "";
    }

    @Override
    public CharSequence path() {
      return "/";
    }

    @Override
    public CharSequence method() {
      return "GET";
    }

    @Override
    public CharSequence scheme() {
      return "http";
    }

    @Override
    public @Nullable CharSequence header(String lowerCaseName) {
      return null;
    }

    @Override
    public @Nullable Object claim(List<String> path) {
      return claims.get(String.join(".", path));
    }
  }

  private static final Token TOKEN = new Token(Map.of("a", List.of("x", "y"), "b", true, "c", "z"));

  private static boolean matches(String claim, ClaimMatch match) {
    return new ClaimRule(List.of(claim), match, false).matches(TOKEN);
  }

  @Test
  void a_claim_is_compared_by_its_kind() {
    ClaimMatch text = new ClaimMatch.Text(new StringMatch.Exact("x", false));
    assertThat(matches("a", new ClaimMatch.ListWith(text))).isTrue();
    assertThat(matches("a", text)).isFalse();
    assertThat(matches("b", new ClaimMatch.Bool(true))).isTrue();
    assertThat(matches("c", new ClaimMatch.AnyOf(List.of(text)))).isFalse();
    assertThat(matches("c", new ClaimMatch.Present(true))).isTrue();
    assertThat(matches("d", new ClaimMatch.Present(true))).isFalse();
    assertThat(matches("d", text)).isFalse();
    assertThat(new ClaimRule(List.of("d"), text, true).matches(TOKEN)).isTrue();
  }
}
