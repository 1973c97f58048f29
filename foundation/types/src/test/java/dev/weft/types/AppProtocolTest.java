package dev.weft.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AppProtocolTest {
  record Case(String transport, String app, String name, int port, AppProtocol expected) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case("TCP", "", "http", 8000, AppProtocol.HTTP),
        new Case("", "", "http-web", 8000, AppProtocol.HTTP),
        new Case("TCP", "", "httpx", 8000, AppProtocol.AUTO),
        new Case("TCP", "", "grpc-web", 8000, AppProtocol.GRPC_WEB),
        new Case("TCP", "", "grpc-web-x", 8000, AppProtocol.GRPC_WEB),
        new Case("TCP", "", "grpc-x", 8000, AppProtocol.GRPC),
        new Case("TCP", "tcp", "http", 8000, AppProtocol.TCP),
        new Case("TCP", "kubernetes.io/h2c", "", 8000, AppProtocol.HTTP2),
        new Case("TCP", "", "", 3306, AppProtocol.TCP),
        new Case("TCP", "", "", 8000, AppProtocol.AUTO),
        new Case("UDP", "", "http", 53, AppProtocol.UDP));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void protocol_follows_app_protocol_then_port_name_then_port(Case c) {
    assertThat(AppProtocol.of(c.transport(), c.app(), c.name(), c.port())).isEqualTo(c.expected());
  }
}
