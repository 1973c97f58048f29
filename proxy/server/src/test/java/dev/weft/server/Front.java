package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Authorizer;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.server.worker.OriginalDestination;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A proxy with a port of its own and what it logs; closed after each test. */
final class Front implements AfterEachCallback {
  final Proxies.Lines logs = new Proxies.Lines();
  final int port = Ports.free();
  final ProxyServer proxy;

  Front() {
    this(ProxySettings.ofLoops(1), channel -> null);
  }

  Front(ProxySettings settings, OriginalDestination original) {
    proxy = Proxies.start(settings, new Proxies.Nobody(), logs, original);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    proxy.close();
  }

  /** Puts a configuration in force and connects to it. */
  Peer connectTo(Configs configs) {
    proxy.apply(configs.build());
    assertThat(proxy.statistics().bindFailures()).isEmpty();
    return connect();
  }

  Peer connect() {
    return Peer.connect(port);
  }

  /** Asks before each request that goes to an application over HTTP/1.1. */
  void checking(Authorizer asked, Cluster authorizer, int authorizerPort, int appPort) {
    proxy.apply(
        new Configs()
            .cluster(authorizer, authorizerPort)
            .cluster(Configs.speaking(Cluster.Protocol.HTTP1, Configs.cluster("app")), appPort)
            .routes("table", Configs.route("/", "app"))
            .listener(
                Configs.plain(
                    "front",
                    port,
                    Configs.http(
                        "table",
                        List.of(new HttpFilter.ExternalAccess(asked), new HttpFilter.Router(false)),
                        Configs.logs("RESPONSE_CODE", "RESPONSE_CODE_DETAILS"))))
            .build());
  }

  /** One listener of plain HTTP towards one cluster. */
  Configs plain(int... endpoints) {
    return Configs.plainHttp(port, endpoints).listener(listener(Configs.NO_TIMEOUTS));
  }

  Listener listener(HttpPipeline.Timeouts timeouts) {
    return Configs.plain(
        "front",
        port,
        Configs.http(
            "table",
            Configs.OUTBOUND_FILTERS,
            Configs.logs(
                "RESPONSE_CODE",
                "RESPONSE_FLAGS",
                "RESPONSE_CODE_DETAILS",
                "BYTES_RECEIVED",
                "BYTES_SENT"),
            HttpPipeline.ForwardClientCert.SANITIZE,
            timeouts));
  }

  void expectLog(String code, String flags) {
    assertThat(logs.next())
        .contains("\"RESPONSE_CODE\":\"" + code + "\",\"RESPONSE_FLAGS\":\"" + flags + "\"");
  }
}
