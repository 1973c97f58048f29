package dev.weft.explain;

import dev.weft.access.AccessDecision;
import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigKind;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.RequestStory.Named;
import dev.weft.explain.RequestStory.Outcome;
import dev.weft.routing.IpLiteral;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What policies of access mean for a request. Confined to one telling. */
final class AccessSteps {
  private static final Pattern POLICY =
      Pattern.compile(".*ns\\[([^]]*)]-policy\\[([^]]*)]-rule\\[([0-9]+)].*");

  private final MeshSnapshot snapshot;
  private final Client client;
  private final AskedRequest request;
  private final Steps steps;

  AccessSteps(MeshSnapshot snapshot, Client client, AskedRequest request, Steps steps) {
    this.snapshot = snapshot;
    this.client = client;
    this.request = request;
    this.steps = steps;
  }

  /** A server that may be called. */
  private record Called(Workload server, int port, boolean mtls, String from) {}

  /**
   * What servers have in common that decide alike.
   *
   * @param address of the server, where a policy looks at it; else empty
   */
  private record Alike(
      List<AuthorizationPolicy> policies, int port, boolean mtls, String from, String address) {}

  private Alike alike(Called one) {
    Workload server = one.server();
    List<AuthorizationPolicy> policies =
        snapshot.accessPolicies().authorization(server.key().namespace(), server.labels());
    boolean byAddress =
        policies.stream()
            .flatMap(policy -> policy.rules().stream())
            .flatMap(rule -> rule.when().stream())
            .anyMatch(condition -> condition.key().equals("destination.ip"));
    return new Alike(
        policies, one.port(), one.mtls(), one.from(), byAddress ? server.ips().toString() : "");
  }

  /**
   * Tells what the servers decide.
   *
   * @param portName of the service
   * @param serverName that callers name where they speak mutual TLS
   * @return an end where none of them lets the request in
   */
  Optional<Outcome> tell(List<EndpointDecision> decisions, String portName, String serverName) {
    List<Called> called =
        decisions.stream().flatMap(decision -> called(decision, portName)).toList();
    Map<ServerAccess.Verdict, Integer> verdicts = new LinkedHashMap<>();
    Map<Alike, Optional<ServerAccess.Verdict>> known = new HashMap<>();
    for (Called one : called) {
      known
          .computeIfAbsent(
              alike(one),
              a ->
                  new ServerAccess(
                          snapshot, client.pod(), request, one.mtls() ? serverName : "", one.from())
                      .at(one.server(), one.port()))
          .ifPresent(verdict -> verdicts.merge(verdict, 1, Integer::sum));
    }
    int denied = 0;
    ServerAccess.@Nullable Verdict why = null;
    for (Map.Entry<ServerAccess.Verdict, Integer> entry : verdicts.entrySet()) {
      say(entry.getKey(), entry.getValue(), called.size());
      if (!entry.getKey().decision().allowed()) {
        denied += entry.getValue();
        why = entry.getKey();
      }
    }
    if (why == null || denied < called.size()) {
      return Optional.empty();
    }
    String text = why.bytes() ? "Closed" : "403";
    return Optional.of(
        Steps.end(
            Ending.DENIED,
            why.bytes() ? 0 : 403,
            "-",
            text + ": the server does not let it in, " + reason(why.decision()) + "."));
  }

  private void say(ServerAccess.Verdict verdict, int count, int all) {
    AccessDecision decision = verdict.decision();
    Matcher policy = POLICY.matcher(decision.policy());
    boolean known = policy.matches();
    Named named =
        known
            ? new Named(
                ConfigKind.AUTHORIZATION_POLICY.kind(), policy.group(1), policy.group(2), "")
            : null;
    steps.add(
        StepCode.ACCESS,
        named,
        "%d of %d servers %s: %s. What tokens say is not looked at here.%s"
            .formatted(
                count,
                all,
                decision.allowed() ? "let it in" : "refuse it",
                reason(decision),
                verdict.asked().isEmpty()
                    ? ""
                    : " Before, %s is asked, which may refuse or change it."
                        .formatted(verdict.asked())),
        "count",
        count,
        "of",
        all,
        "allowed",
        decision.allowed(),
        "policy",
        decision.policy());
  }

  private static String reason(AccessDecision decision) {
    Matcher policy = POLICY.matcher(decision.policy());
    if (policy.matches()) {
      return "rule %s of AuthorizationPolicy %s/%s matches"
          .formatted(policy.group(3), policy.group(1), policy.group(2));
    }
    return decision.allowed()
        ? "no AuthorizationPolicy denies it, and none has to allow it"
        : "no AuthorizationPolicy allows it";
  }

  private Stream<Called> called(EndpointDecision decision, String portName) {
    return switch (decision) {
      case EndpointDecision.Direct direct ->
          called(direct.endpoint(), direct.mtls(), own(), portName);
      case EndpointDecision.ViaGateway way ->
          way.behind().stream()
              .flatMap(
                  endpoint -> called(endpoint, true, way.gateway().address().host(), portName));
      case EndpointDecision.Dropped dropped -> Stream.empty();
    };
  }

  private String own() {
    return client.pod().ips().isEmpty() ? Aim.UNKNOWN : client.pod().ips().getFirst();
  }

  private static Stream<Called> called(
      ServiceEndpoint endpoint, boolean mtls, String from, String portName) {
    Workload server = endpoint.workload();
    Integer port = endpoint.ports().get(portName);
    return server == null || port == null || !(server.mtls() || server.injected())
        ? Stream.empty()
        : Stream.of(new Called(server, port, mtls, IpLiteral.is(from) ? from : Aim.UNKNOWN));
  }
}
