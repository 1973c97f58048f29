package dev.weft.apiserver.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.Samples;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | true",
        "app=web | true",
        "app==web | true",
        "app=api | false",
        "app!=api | true",
        "gone!=x | true",
        "tier in (a, b) | true",
        "tier notin (a,b) | false",
        "tier | true",
        "!tier | false",
        "!gone,app=web | true",
        "app=web,tier in (c) | false",
        "istio.io/rev= | false"
      })
  void label_selectors_select(String selector, boolean expected) {
    assertThat(LabelSelector.parse(selector).matches(Samples.json("{'app':'web','tier':'a'}")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app in a", "app in (a", "a b", "=x", "app=a b", "app like (x)", ")("})
  void malformed_label_selectors_are_refused(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata.name=p | true",
        "metadata.name!=p | false",
        "spec.nodeName=n,status.phase!=Failed | true",
        "status.podIP= | true"
      })
  void field_selectors_select(String selector, boolean expected) {
    assertThat(
            FieldSelector.parse(Samples.PODS, selector)
                .matches(
                    Samples.json(
                        "{'metadata':{'name':'p'},'spec':{'nodeName':'n'},'status':{'phase':'Running'}}")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec.foo=1", "metadata.name", "=x"})
  void field_selectors_without_an_index_are_refused(String selector) {
    assertThatThrownBy(() -> FieldSelector.parse(Samples.PODS, selector))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
  }
}
