package dev.weft.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.log.LogField.Kind;
import dev.weft.types.Expression;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogConditionTest {
  /** A request over mutual TLS that was answered with 404; by names of fields or headers. */
  private static final Map<String, String> VALUES =
      Map.of(
          ":path", "/api/v1?q=v2",
          "user-agent", "curl/8",
          "RESPONSE_CODE", "404",
          "DOWNSTREAM_MUTUAL_TLS", "true",
          "UPSTREAM_CLUSTER", "BlackHoleCluster");

  private record Values(Map<String, String> of) implements LogValues {
    @Override
    public boolean write(LogField field, LogText out) {
      String value = of.get(field.kind() == Kind.REQUEST_HEADER ? field.argument() : name(field));
      return value != null && out.textIfAny(value);
    }

    private static String name(LogField field) {
      return field.kind().name();
    }

    @Override
    public int flags() {
      return 0;
    }
  }

  private static boolean holds(String expression, Map<String, String> values) {
    return new LogCondition(Expression.parse(expression), new LogText()).holds(new Values(values));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "response.code >= 400 ; true",
        "response.code < 400 ; false",
        "response.code == 404 && connection.mtls ; true",
        "response.code == 500 || xds.cluster_name == 'BlackHoleCluster' ; true",
        "!connection.mtls ; false",
        "request.path == '/api/v1?q=v2' ; true",
        "request.url_path == '/api/v1' ; true",
        "request.url_path.contains('v2') ; false",
        "request.url_path.startsWith('/api/') ; true",
        "request.url_path.endsWith('v1') ; true",
        "!has(request.useragent) || !request.useragent.startsWith('curl') ; false",
        "has(request.headers['x-none']) ; false",
        "'user-agent' in request.headers ; true"
      })
  void comparisons_decide(String expression, boolean holds) {
    assertThat(holds(expression, VALUES)).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "request.host == 'a' ; false",
        "request.host != 'a' ; false",
        "!(request.host == 'a') ; false",
        "request.host == 'a' || true ; true",
        "true || request.host == 'a' ; true",
        "!(request.host == 'a' && false) ; true",
        "!(false && request.host == 'a') ; true",
        "request.host == 'a' && true ; false",
        "request.host == 'a' || false ; false"
      })
  void what_is_not_there_decides_nothing(String expression, boolean holds) {
    assertThat(holds(expression, VALUES)).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "response.code >= 0 ; false",
        "has(response.code) ; false",
        "!has(response.code) || response.code >= 400 ; true",
        "connection.mtls ; false",
        "has(connection.mtls) ; true"
      })
  void without_an_answer_there_is_no_code(String expression, boolean holds) {
    assertThat(holds(expression, Map.of("RESPONSE_CODE", "0"))).isEqualTo(holds);
  }
}
