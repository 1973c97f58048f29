package dev.weft.control;

import dev.weft.ca.ServingTls;
import dev.weft.config.ConfigObject;
import dev.weft.config.Diagnostic;
import dev.weft.control.admin.Listening;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.InjectionWebhook;
import dev.weft.inject.ProxyConfigs;
import dev.weft.inject.ValidationWebhook;
import dev.weft.loop.Clock;
import io.helidon.common.tls.Tls;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The admission webhooks: injection for the API servers of member clusters, validation for that of
 * the mesh's own API.
 */
final class WebhookServer implements AutoCloseable {
  /** Between two parts of a request, or two requests. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Admissions admissions;
  private final InjectionWebhook injection;
  private final ValidationWebhook validation;
  private final int port;
  private final WebServer server;

  /**
   * @param injection the settings of the moment, for pods of the cluster with that id; empty for
   *     the control plane's own
   * @param mesh what is known of an object from the mesh as it is now
   */
  WebhookServer(
      String bind,
      int port,
      ServingTls tls,
      Function<String, InjectionSettings> injection,
      Supplier<ProxyConfigs> proxyConfigs,
      Function<ConfigObject, List<Diagnostic>> mesh,
      Clock clock) {
    this.admissions = new Admissions(clock);
    this.port = port;
    this.validation = new ValidationWebhook(mesh);
    this.injection = new InjectionWebhook(injection, proxyConfigs);
    this.server =
        WebServer.builder()
            .host(bind)
            .port(port)
            .shutdownHook(false)
            .maxPayloadSize(Admissions.LARGEST)
            .connectionOptions(options -> options.readTimeout(SILENCE))
            .tls(Tls.builder().sslContext(tls.context()).build())
            .routing(this::routes)
            .build();
  }

  int start() throws IOException {
    return Listening.start(server, "webhooks", port);
  }

  @Override
  public void close() {
    server.stop();
    admissions.close();
  }

  private void routes(HttpRouting.Builder routing) {
    routing
        .route(Method.POST, PathMatchers.prefix(InjectionWebhook.PATH), this::inject)
        .post(
            ValidationWebhook.PATH,
            (request, response) -> admissions.answer(request, response, validation::handle))
        .get("/ready", (request, response) -> response.send("ready\n"));
  }

  private void inject(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    admissions.answer(request, response, body -> injection.handle(path, body));
  }
}
