package dev.weft.snapshot;

import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * VirtualServices that others hand a part of their routes to: those without hosts. Istio:
 * pilot/pkg/model/virtualservice.go mergeVirtualServicesIfNeeded.
 */
public final class Delegates {
  private final Map<String, VirtualService> byName = new HashMap<>();
  private final String domainSuffix;

  private Delegates(String domainSuffix) {
    this.domainSuffix = domainSuffix;
  }

  /** Those of a mesh. */
  public static Delegates of(MeshSnapshot snapshot) {
    Delegates delegates = new Delegates(snapshot.settings().domainSuffix());
    for (VirtualService service : snapshot.virtualServices()) {
      if (service.hosts().isEmpty()) {
        delegates.byName.put(name(service.meta().namespace(), service.meta().name()), service);
      }
    }
    return delegates;
  }

  /**
   * A route in force.
   *
   * @param by the object that it is written in, by whose namespace its short names are meant
   * @param http which of that object's HTTP routes it is, from 0
   * @param route never one that delegates
   * @param matches which of the matches written there each match of the route was made of; -1 for
   *     one that is the other object's alone
   */
  public record Routed(VirtualService by, int http, HttpRoute route, List<Integer> matches) {
    public Routed {
      matches = List.copyOf(matches);
    }
  }

  /**
   * What became of a route that delegates.
   *
   * @param routes those of the delegate, each where the delegating route holds
   * @param lost which of the delegate's routes contradict the delegating one, from 0
   */
  record Delegated(VirtualService by, List<Routed> routes, List<Integer> lost) {}

  /**
   * The HTTP routes of a VirtualService, with those of its delegates in the places where it names
   * them. A delegate that is not there, or is not exported to the namespace, gives none.
   */
  public List<Routed> http(VirtualService service) {
    List<Routed> routes = new ArrayList<>();
    for (int i = 0; i < service.http().size(); i++) {
      HttpRoute route = service.http().get(i);
      if (route.action() instanceof HttpAction.Delegate to) {
        VirtualService delegate = find(service, to);
        if (delegate != null && exported(delegate, service)) {
          routes.addAll(merge(service, route, delegate).routes());
        }
      } else {
        int matches = route.matches().size();
        routes.add(new Routed(service, i, route, IntStream.range(0, matches).boxed().toList()));
      }
    }
    return routes;
  }

  /** The delegate that a route names, exported or not; null where there is none. */
  @Nullable VirtualService find(VirtualService from, HttpAction.Delegate to) {
    return byName.get(
        name(to.namespace().isEmpty() ? from.meta().namespace() : to.namespace(), to.name()));
  }

  static boolean exported(VirtualService delegate, VirtualService to) {
    return Visibility.visible(
        delegate.exportTo(), delegate.meta().namespace(), to.meta().namespace());
  }

  Delegated merge(VirtualService root, HttpRoute route, VirtualService delegate) {
    DelegateMerge merge = new DelegateMerge(root, route, domainSuffix);
    List<Routed> routes = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    for (int i = 0; i < delegate.http().size(); i++) {
      // A delegate has no delegates of its own.
      if (!(delegate.http().get(i).action() instanceof HttpAction.Delegate)) {
        merge.with(delegate, i).ifPresentOrElse(routes::add, addTo(lost, i));
      }
    }
    return new Delegated(delegate, routes, lost);
  }

  private static Runnable addTo(List<Integer> list, int number) {
    return () -> list.add(number);
  }

  private static String name(String namespace, String name) {
    return namespace + "/" + name;
  }
}
