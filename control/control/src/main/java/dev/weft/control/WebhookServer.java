package dev.weft.control;

import dev.weft.ca.ServingTls;
import dev.weft.config.ConfigObject;
import dev.weft.config.Diagnostic;
import dev.weft.control.admin.Listening;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.InjectionWebhook;
import dev.weft.inject.ValidationWebhook;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * The admission webhooks: injection for the API servers of member clusters, validation for that of
 * the mesh's own API.
 */
final class WebhookServer implements AutoCloseable {
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
      Function<ConfigObject, List<Diagnostic>> mesh) {
    this.port = port;
    this.validation = new ValidationWebhook(mesh);
    this.injection = new InjectionWebhook(injection);
    this.server =
        WebServer.builder()
            .host(bind)
            .port(port)
            .shutdownHook(false)
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
  }

  private void routes(HttpRouting.Builder routing) {
    routing
        .route(Method.POST, PathMatchers.prefix(InjectionWebhook.PATH), this::inject)
        .post(
            ValidationWebhook.PATH,
            (request, response) -> send(response, validation.handle(body(request))))
        .get("/ready", (request, response) -> response.send("ready\n"));
  }

  private void inject(ServerRequest request, ServerResponse response) {
    send(response, injection.handle(request.path().path(), body(request)));
  }

  private static byte[] body(ServerRequest request) {
    return request.content().as(byte[].class);
  }

  private static void send(ServerResponse response, byte[] body) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json").send(body);
  }
}
