package dev.weft.proxy.admin;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.proxy.admin.LocalHttp.Call;
import dev.weft.runtime.Listener;
import dev.weft.types.Json;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** The administration port (15000), on the loopback address only. */
public final class AdminSite implements LocalHttp.Responder {
  private static final String HELP =
      """
      /certs: certificates in use
      /clusters[?format=json]: clusters and their endpoints
      /config_dump[?include_eds][&resource=name]: the configuration as it came, without keys
      /contention: waits for locks, which are not measured
      /drain_listeners[?graceful]: POST: let connections end
      /healthz/ready, /ready: whether the proxy may get traffic
      /init_dump: what the proxy waits for before it gets traffic
      /listeners[?format=json]: listening addresses
      /logging[?level=trace|debug|info|warning|error|off]: POST: how much is logged
      /memory: memory of the process
      /quitquitquit: POST: end the process
      /rejections: what was refused of the configuration, and why
      /renew_certificate: POST: have a new key certified now
      /runtime: runtime layers, of which there are none
      /server_info: version, state and command line
      /stats[?filter=regex][&usedonly][&format=json|prometheus], /stats/prometheus: metrics
      """;

  private final ProxyFacts facts;

  /** A site about one proxy. */
  public AdminSite(ProxyFacts facts) {
    this.facts = facts;
  }

  @Override
  public Answer answer(Call call) {
    boolean json = "json".equals(call.query().get("format"));
    return switch (call.path()) {
      case "/", "/help" -> Answer.text(HELP);
      case "/ready", "/healthz/ready" -> ready(facts.missing());
      case "/config_dump" ->
          Answer.json(
              ConfigDumpPage.json(
                  facts,
                  call.query().containsKey("include_eds"),
                  call.query().getOrDefault("resource", "")));
      case "/clusters" ->
          json ? Answer.json(ClustersPage.json(facts)) : Answer.text(ClustersPage.text(facts));
      case "/listeners" -> json ? Answer.json(listenersJson()) : Answer.text(listeners());
      case "/certs" -> Answer.json(CertsPage.json(facts));
      case "/stats", "/stats/prometheus" -> StatsPage.answer(call, facts.metrics());
      case "/memory" -> ProcessPages.memory();
      case "/runtime" -> ProcessPages.runtime();
      case "/init_dump" -> ProcessPages.unready(facts.missing());
      case "/contention" -> ProcessPages.contention();
      case "/server_info" -> Answer.json(serverInfo());
      case "/rejections" -> Answer.text(rejections());
      case "/logging" -> post(call, () -> logging(call.query()));
      case "/drain_listeners" ->
          post(
              call,
              () -> {
                facts.drain(!call.query().containsKey("graceful"));
                return Answer.text("OK\n");
              });
      case "/renew_certificate" ->
          post(
              call,
              () -> {
                facts.renewCertificate();
                return Answer.text("OK\n");
              });
      case "/quitquitquit" ->
          post(
              call,
              () -> {
                facts.quit();
                return Answer.text("OK\n");
              });
      default -> Answer.of(404, "unknown page " + call.path() + "; known are:\n" + HELP);
    };
  }

  /** 200 {@code LIVE}, or 503 and what is missing. */
  static Answer ready(String missing) {
    return missing.isEmpty()
        ? Answer.text("LIVE\n")
        : Answer.of(503, "PRE_INITIALIZING: " + missing + "\n");
  }

  private static Answer post(Call call, java.util.function.Supplier<Answer> action) {
    return call.method().equals("POST")
        ? action.get()
        : Answer.of(405, "use POST for " + call.path() + "\n");
  }

  private String listeners() {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(facts.config().listeners())
        .forEach(
            (name, listener) ->
                listener
                    .addresses()
                    .forEach(a -> out.append(name).append("::").append(a).append('\n')));
    return out.toString();
  }

  private String listenersJson() {
    List<Object> out = new ArrayList<>();
    for (Listener listener : new TreeMap<>(facts.config().listeners()).values()) {
      out.add(
          Map.of(
              "name", listener.name(),
              "local_address",
                  Map.of(
                      "socket_address",
                      Map.of(
                          "address", listener.address().host(),
                          "port_value", listener.address().port()))));
    }
    return Json.write(Map.of("listener_statuses", out));
  }

  private String rejections() {
    StringBuilder out = new StringBuilder();
    facts.rejections().forEach(r -> out.append(r).append('\n'));
    return out.toString();
  }

  private String serverInfo() {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    String missing = facts.missing();
    out.put("version", "weft/" + Build.NUMBER);
    out.put("state", missing.isEmpty() ? "LIVE" : "PRE_INITIALIZING");
    out.put("waiting_for", missing);
    out.put("control_plane", facts.controlPlane());
    out.put("uptime_current_epoch", ManagementFactory.getRuntimeMXBean().getUptime() / 1000 + "s");
    out.put(
        "node",
        Map.of(
            "id", facts.environment().nodeId(),
            "cluster", facts.environment().nodeCluster(),
            "metadata", facts.environment().meta()));
    out.put(
        "command_line_options",
        Map.of("service_node", facts.environment().nodeId(), "mode", "Serve"));
    return Json.write(out);
  }

  private static Answer logging(Map<String, String> query) {
    for (String key : query.keySet()) {
      if (!key.equals("level")) {
        return Answer.of(
            400, "no logger '" + key + "': all of this proxy has one level; use level=debug\n");
      }
    }
    String wanted = query.getOrDefault("level", "");
    if (!wanted.isEmpty()) {
      Level level = LogLevel.of(wanted);
      if (level == null) {
        return Answer.of(
            400, "level '" + wanted + "' is none of trace, debug, info, warning, error, off\n");
      }
      LogLevel.set(level);
    }
    return Answer.text("active loggers:\n  root: " + LogLevel.current() + "\n");
  }
}
