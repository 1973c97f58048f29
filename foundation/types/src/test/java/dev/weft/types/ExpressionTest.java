package dev.weft.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.types.Expression.Attribute;
import dev.weft.types.Expression.Both;
import dev.weft.types.Expression.Either;
import dev.weft.types.Expression.Name;
import dev.weft.types.Expression.Not;
import dev.weft.types.Expression.NumberIs;
import dev.weft.types.Expression.Place;
import dev.weft.types.Expression.Present;
import dev.weft.types.Expression.Relation;
import dev.weft.types.Expression.TextHas;
import dev.weft.types.Expression.TextIs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static final Attribute CODE = of(Name.RESPONSE_CODE);
  private static final Attribute MTLS = of(Name.CONNECTION_MTLS);

  private static Attribute of(Name name) {
    return new Attribute(name, "");
  }

  @Test
  void numbers_and_texts_are_compared_from_either_side() {
    assertThat(Expression.parse("response.code >= 400"))
        .isEqualTo(new NumberIs(CODE, Relation.AT_LEAST, 400))
        .isEqualTo(Expression.parse(" 400<=response.code "));
    assertThat(Expression.parse("xds.cluster_name == 'BlackHoleCluster'"))
        .isEqualTo(new TextIs(of(Name.CLUSTER_NAME), Relation.EQUAL, "BlackHoleCluster"))
        .isEqualTo(Expression.parse("\"BlackHoleCluster\" == xds.cluster_name"));
  }

  @Test
  void and_binds_closer_than_or_and_not_closer_than_both() {
    Expression code = new NumberIs(CODE, Relation.EQUAL, 0);
    Expression mtls = new Expression.Set(MTLS);
    assertThat(
            Expression.parse(
                "response.code == 0 || !connection.mtls && connection.mtls || response.code == 0"))
        .isEqualTo(new Either(new Either(code, new Both(new Not(mtls), mtls)), code));
    assertThat(Expression.parse("!(connection.mtls || response.code == 0) && connection.mtls"))
        .isEqualTo(new Both(new Not(new Either(mtls, code)), mtls));
  }

  @Test
  void what_is_there_is_asked_in_three_ways() {
    Attribute header = new Attribute(Name.REQUEST_HEADERS, "x-user");
    assertThat(Expression.parse("has(request.useragent)"))
        .isEqualTo(new Present(of(Name.REQUEST_USERAGENT)));
    assertThat(Expression.parse("has(request.headers['X-User'])"))
        .isEqualTo(new Present(header))
        .isEqualTo(Expression.parse("'x-user' in request.headers"));
  }

  @Test
  void texts_have_parts() {
    assertThat(Expression.parse("request.url_path.contains('v1beta3')"))
        .isEqualTo(new TextHas(of(Name.REQUEST_URL_PATH), Place.ANYWHERE, "v1beta3"));
    assertThat(Expression.parse("request.headers['x-user'].startsWith('it\\'s')"))
        .isEqualTo(new TextHas(new Attribute(Name.REQUEST_HEADERS, "x-user"), Place.START, "it's"));
  }

  @Test
  void what_is_true_or_false_needs_no_comparison_and_may_have_one() {
    assertThat(Expression.parse("connection.mtls == true"))
        .isEqualTo(Expression.parse("connection.mtls"));
    assertThat(Expression.parse("connection.mtls == false"))
        .isEqualTo(Expression.parse("!connection.mtls"));
    assertThat(Expression.parse("true")).isEqualTo(new Expression.Always(true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | something is missing",
        "response.code >= | something is missing",
        "response.code | is no condition",
        "response.code >= '400' | cannot be compared",
        "response.code >= 400.5 | is not understood",
        "response.duration > 1 | there is no attribute response.duration",
        "request.path.matches('a.*') | 'request.path.matches' is not understood",
        "(connection.mtls | ')' is missing",
        "connection.mtls connection.mtls | is not understood",
        "connection.mtls ? true : false | is not understood",
        "400 == 400 | an attribute",
        "request.path['x'] == 'y' | stands behind",
        "response.code == 99999999999999999999 | too large",
        "request.headers['a b'] == 'y' | is not the name of a header"
      })
  void what_is_not_understood_is_named(String text, String message) {
    assertThatThrownBy(() -> Expression.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "("})
  void depth_has_a_bound(String opening) {
    assertThatThrownBy(() -> Expression.parse(opening.repeat(900) + "connection.mtls"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too deeply");
  }

  /** Each of them would be a frame of whoever walks through it. */
  @ParameterizedTest
  @ValueSource(strings = {"connection.mtls && ", "connection.mtls || "})
  void length_has_a_bound(String part) {
    assertThat(Expression.parse(part.repeat(50) + "connection.mtls").attributes()).hasSize(51);
    assertThatThrownBy(() -> Expression.parse(part.repeat(10_000) + "connection.mtls"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than 1000 characters");
  }
}
