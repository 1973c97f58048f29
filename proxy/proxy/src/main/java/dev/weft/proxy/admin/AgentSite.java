package dev.weft.proxy.admin;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.proxy.admin.LocalHttp.Call;

/**
 * The ports that others may reach: readiness (15021), metrics (15090), and both together with the
 * application's probes (15020), as Istio's agent has them.
 */
public final class AgentSite implements LocalHttp.Responder {
  private final ProxyFacts facts;
  private final AppProbes probes;
  private final AppMetrics application;

  /**
   * A site about one proxy and the application beside it.
   *
   * @param application whose metrics follow the proxy's
   */
  public AgentSite(ProxyFacts facts, AppProbes probes, AppMetrics application) {
    this.facts = facts;
    this.probes = probes;
    this.application = application;
  }

  @Override
  public Answer answer(Call call) {
    return switch (call.path()) {
      case "/healthz/ready" -> {
        String missing = facts.missing();
        yield missing.isEmpty() ? Answer.text("") : Answer.of(503, missing + "\n");
      }
      case "/stats/prometheus", "/metrics" ->
          new Answer(
              200,
              "text/plain; version=0.0.4; charset=utf-8",
              facts.metrics() + application.scrape());
      case "/quitquitquit" -> {
        if (!call.local()) {
          yield Answer.of(403, "/quitquitquit is answered to requests from this pod's 127.0.0.1\n");
        }
        if (!call.method().equals("POST")) {
          yield Answer.of(405, "use POST for /quitquitquit\n");
        }
        facts.quit();
        yield Answer.text("OK\n");
      }
      default ->
          call.path().startsWith("/app-health/") || call.path().startsWith("/app-lifecycle/")
              ? probes.probe(call.path())
              : Answer.of(404, "unknown page " + call.path() + "\n");
    };
  }
}
