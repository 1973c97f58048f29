package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes that are handed to a delegate which does not take them. */
final class DelegateFindings {
  private final MeshSnapshot snapshot;
  private final Delegates delegates;
  private final List<Diagnostic> findings;

  private DelegateFindings(MeshSnapshot snapshot, List<Diagnostic> findings) {
    this.snapshot = snapshot;
    this.delegates = Delegates.of(snapshot);
    this.findings = findings;
  }

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    DelegateFindings all = new DelegateFindings(snapshot, findings);
    for (VirtualService root : snapshot.virtualServices()) {
      for (int i = 0; i < root.http().size(); i++) {
        HttpRoute route = root.http().get(i);
        if (route.action() instanceof HttpAction.Delegate to) {
          all.route(root, i, route, to);
        }
      }
    }
  }

  private void route(VirtualService root, int http, HttpRoute route, HttpAction.Delegate to) {
    @Nullable VirtualService delegate = delegates.find(root, to);
    String path = "spec.http[" + http + "].delegate";
    if (delegate == null) {
      findings.add(missing(root, path, missing(root, to)));
    } else if (!Delegates.exported(delegate, root)) {
      findings.add(
          missing(
              root,
              path,
              delegate.ref()
                  + " is not exported to "
                  + root.meta().namespace()
                  + ": add it there"));
    } else {
      for (int lost : delegates.merge(root, route, delegate).lost()) {
        findings.add(
            Diagnostic.warning(
                FindingCode.DELEGATE_CONFLICT,
                delegate.ref().toString(),
                "spec.http[" + lost + "].match",
                root.ref()
                    + " delegates requests that are narrower, in spec.http["
                    + http
                    + "].match, so this route is left out: let every condition lie within one of"
                    + " those"));
      }
    }
  }

  private String missing(VirtualService root, HttpAction.Delegate to) {
    String namespace = to.namespace().isEmpty() ? root.meta().namespace() : to.namespace();
    return snapshot.virtualServices().stream()
        .filter(v -> v.meta().namespace().equals(namespace) && v.meta().name().equals(to.name()))
        .findFirst()
        .map(v -> v.ref() + " has hosts, and only one without can be a delegate: take them away")
        .orElse("there is no VirtualService " + namespace + "/" + to.name());
  }

  private static Diagnostic missing(VirtualService root, String path, String reason) {
    return Diagnostic.error(
        FindingCode.MISSING_REFERENCE,
        root.ref().toString(),
        path,
        reason + "; until then its requests go on to the next route, or get 404");
  }
}
