package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.StringMatch;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules that are never reached, and hosts that two objects want to rule. */
final class MatchFindings {
  private MatchFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    snapshot.virtualServices().forEach(routes -> rules(routes, findings));
    hosts(snapshot, findings);
  }

  private static void rules(VirtualService routes, List<Diagnostic> findings) {
    int everything = -1;
    Set<HttpMatch> seen = new HashSet<>();
    for (int i = 0; i < routes.http().size(); i++) {
      HttpRoute route = routes.http().get(i);
      String path = "spec.http[" + i + "]";
      if (everything >= 0) {
        findings.add(
            Diagnostic.warning(
                FindingCode.UNREACHABLE_RULE,
                routes.ref().toString(),
                path,
                "it is never reached, because spec.http["
                    + everything
                    + "] takes every request: move it before that one"));
        continue;
      }
      List<HttpMatch> matches = route.matches().stream().map(m -> m.named("")).toList();
      List<HttpMatch> again = matches.stream().filter(seen::contains).toList();
      if (!again.isEmpty() && again.size() == matches.size()) {
        findings.add(
            Diagnostic.warning(
                FindingCode.UNREACHABLE_RULE,
                routes.ref().toString(),
                path,
                "it is never reached, because rules before it match the same: remove it, or make"
                    + " its match narrower and move it up"));
      } else if (!again.isEmpty()) {
        findings.add(
            Diagnostic.note(
                FindingCode.INEFFECTIVE_MATCH,
                routes.ref().toString(),
                path + ".match[" + matches.indexOf(again.getFirst()) + "]",
                "a rule before this one has the same match and takes its requests: remove one"));
      }
      seen.addAll(matches);
      // What a delegate has no route for goes on to the next route.
      boolean takesAll =
          matches.isEmpty() || matches.stream().anyMatch(MatchFindings::takesEverything);
      if (takesAll && !(route.action() instanceof HttpAction.Delegate)) {
        everything = i;
      }
    }
  }

  private static boolean takesEverything(HttpMatch m) {
    boolean anyPath =
        m.uri() == null || m.uri() instanceof StringMatch.Prefix(String value) && value.equals("/");
    return anyPath
        && m.scheme() == null
        && m.method() == null
        && m.authority() == null
        && m.headers().isEmpty()
        && m.withoutHeaders().isEmpty()
        && m.queryParams().isEmpty()
        && m.port() == 0
        && m.sourceLabels().isEmpty()
        && m.sourceNamespace().isEmpty()
        && m.gateways().isEmpty();
  }

  /** Sidecars take one object for a host; the oldest comes first. */
  private static void hosts(MeshSnapshot snapshot, List<Diagnostic> findings) {
    Map<String, VirtualService> first = new HashMap<>();
    for (VirtualService routes : snapshot.virtualServices()) {
      if (!routes.gateways().contains(VirtualService.MESH) || own(routes)) {
        continue;
      }
      for (int i = 0; i < routes.hosts().size(); i++) {
        String host =
            HostNames.full(
                routes.hosts().get(i),
                routes.meta().namespace(),
                snapshot.settings().domainSuffix());
        VirtualService other = first.putIfAbsent(host, routes);
        if (other != null && !other.ref().equals(routes.ref())) {
          findings.add(
              Diagnostic.error(
                  FindingCode.CONFLICTING_HOSTS,
                  routes.ref().toString(),
                  "spec.hosts[" + i + "]",
                  other.ref()
                      + " rules "
                      + host
                      + " for sidecars already: put the rules into one object"));
        }
      }
    }
  }

  /** Seen in its own namespace alone. */
  private static boolean own(VirtualService routes) {
    return routes.exportTo().equals(List.of("."));
  }
}
