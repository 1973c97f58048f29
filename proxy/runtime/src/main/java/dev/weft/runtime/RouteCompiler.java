package dev.weft.runtime;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathMatch;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code RouteConfiguration}. Many services share a table, so that a fault in one of them must not
 * take the others with it: its virtual host stays as it was last accepted; where it never was,
 * requests for the faulty route are answered with 503.
 */
final class RouteCompiler {
  private static final int UNAVAILABLE = 503;
  private static final String REFUSED = "this route was refused by the proxy: ";

  private RouteCompiler() {}

  /** Told of what is left out: the path of the field, and why. */
  interface Refusals extends BiConsumer<String, String> {}

  /** A table that is taken as a whole or not at all. */
  static RouteTable table(ProtoFields in) {
    return table(
        in,
        null,
        (field, reason) -> {
          throw new FieldException(field, reason);
        });
  }

  /**
   * A table without what is faulty in it.
   *
   * @param before the one in force; null for none
   */
  static RouteTable table(ProtoFields in, @Nullable RouteTable before, Refusals refusals) {
    in.ignore(IgnoredInRoutes.ROUTE_TABLE);
    if (in.bool(10)) {
      throw in.reject("most_specific_header_mutations_wins", "is not supported");
    }
    if (in.bool(15)) {
      throw in.reject("ignore_path_parameters_in_path_matching", "is not supported");
    }
    HeaderEdits request = HeaderEditsCompiler.edits(in, 6, "request_headers_to_add", 8);
    HeaderEdits response = HeaderEditsCompiler.edits(in, 4, "response_headers_to_add", 5);
    RouteFilters filters = RouteFilters.NONE.with(in, 16, in.text(1));
    List<VirtualHost> hosts = new ArrayList<>();
    for (ProtoFields each : in.messages(2, "virtual_hosts")) {
      VirtualHost host =
          host(each, named(before, each.text(1)), in.text(1), request, response, filters, refusals);
      if (host != null) {
        hosts.add(host);
      }
    }
    RouteTable table = RouteTable.of(in.text(1), in.bool(14), hosts);
    ProtoFields vhds = in.message(9, "vhds");
    if (vhds == null) {
      return table;
    }
    ProtoFields source = vhds.message(1, "config_source");
    if (source != null) {
      source.ignore(IgnoredInListeners.CONFIG_SOURCE);
    }
    return table.onDemand();
  }

  /**
   * A virtual host that was asked for alone.
   *
   * @param table that it is of
   * @param before the one in force; null for none
   */
  static VirtualHost host(
      ProtoFields in, String table, @Nullable VirtualHost before, Refusals refusals) {
    VirtualHost host =
        host(in, before, table, HeaderEdits.NONE, HeaderEdits.NONE, RouteFilters.NONE, refusals);
    if (host == null) {
      throw new FieldException("", "nothing of this virtual host can be read");
    }
    return host;
  }

  /** Null where there is nothing that could be served. */
  private static @Nullable VirtualHost host(
      ProtoFields in,
      @Nullable VirtualHost before,
      String table,
      HeaderEdits request,
      HeaderEdits response,
      RouteFilters filters,
      Refusals refusals) {
    List<FieldException> faults = new ArrayList<>();
    VirtualHost host =
        attempt(in, () -> virtualHost(in, table, request, response, filters, faults), faults);
    String name = in.text(1);
    faults.forEach(f -> refusals.accept(f.field(), "virtual host " + name + ": " + f.reason()));
    return faults.isEmpty() || before == null || isRefused(before) ? host : before;
  }

  /** Null where it fails: then the fault is noted and nobody complains of what was not read. */
  private static <T> @Nullable T attempt(
      ProtoFields in, Supplier<T> reading, List<FieldException> faults) {
    try {
      T result = reading.get();
      in.finish();
      return result;
    } catch (FieldException e) {
      faults.add(e);
    } catch (IllegalArgumentException e) {
      // Thrown by constructors of values, whose messages name the field and the value.
      faults.add(new FieldException(in.path(), String.valueOf(e.getMessage())));
    }
    in.abandon();
    return null;
  }

  private static @Nullable VirtualHost named(@Nullable RouteTable table, String name) {
    if (table != null) {
      for (VirtualHost host : table.virtualHosts()) {
        if (host.name().equals(name)) {
          return host;
        }
      }
    }
    return null;
  }

  private static boolean isRefused(VirtualHost host) {
    return host.routes().stream().anyMatch(RouteCompiler::isRefused);
  }

  private static boolean isRefused(Route route) {
    return route.action() instanceof RouteAction.DirectResponse direct
        && direct.status() == UNAVAILABLE
        && direct.body().startsWith(REFUSED);
  }

  /**
   * In the place of a faulty route. Where even its conditions cannot be read, it stands for
   * everything after it: nothing may fall through to a route that was not meant for it.
   */
  private static Route refused(ProtoFields in, FieldException fault) {
    RouteMatch match =
        attempt(
            in,
            () -> {
              ProtoFields conditions = in.required(1, "match");
              return match(conditions, path(conditions));
            },
            new ArrayList<>());
    return Route.of(
        in.text(14),
        match == null ? RouteMatch.of(new PathMatch.Prefix("/", false)) : match,
        new RouteAction.DirectResponse(
            UNAVAILABLE, REFUSED + fault.field() + ": " + fault.reason() + "\n"));
  }

  private static VirtualHost virtualHost(
      ProtoFields in,
      String table,
      HeaderEdits tableRequest,
      HeaderEdits tableResponse,
      RouteFilters inherited,
      List<FieldException> faults) {
    in.ignore(IgnoredInRoutes.VIRTUAL_HOST);
    HeaderEdits request =
        HeaderEditsCompiler.edits(in, 7, "request_headers_to_add", 13).then(tableRequest);
    HeaderEdits response =
        HeaderEditsCompiler.edits(in, 10, "response_headers_to_add", 11).then(tableResponse);
    String place = table + "/" + in.text(1);
    RouteFilters filters = inherited.with(in, 15, place).limitedBy(RateLimitCompiler.rules(in, 6));
    ProtoFields policy = in.message(16, "retry_policy");
    RetryPolicy retry = policy == null ? RetryPolicy.NONE : RouteActionCompiler.retry(policy);
    List<String> domains = in.texts(2);
    domains.forEach(d -> checkDomain(in, d));
    List<Route> routes = new ArrayList<>();
    for (ProtoFields each : in.messages(3, "routes")) {
      List<FieldException> own = new ArrayList<>();
      String at = place + "/" + routes.size();
      Route route = attempt(each, () -> route(each, at, request, response, filters, retry), own);
      routes.add(route != null ? route : refused(each, own.getFirst()));
      faults.addAll(own);
    }
    return new VirtualHost(
        in.text(1), domains, routes, in.integer(4) != 0, in.bool(14), in.bool(19));
  }

  private static void checkDomain(ProtoFields in, String domain) {
    int star = domain.indexOf('*');
    boolean inside = star > 0 && star < domain.length() - 1;
    if (domain.isEmpty() || inside || star != domain.lastIndexOf('*')) {
      throw in.reject("domains", "'" + domain + "' is no host, *suffix, prefix* or *");
    }
  }

  private static Route route(
      ProtoFields in,
      String place,
      HeaderEdits hostRequest,
      HeaderEdits hostResponse,
      RouteFilters inherited,
      RetryPolicy hostRetry) {
    in.ignore(IgnoredInRoutes.ROUTE);
    if (in.has(15)) {
      throw in.reject("tracing", "what is traced is said for all routes of a listener");
    }
    ProtoFields conditions = in.required(1, "match");
    PathMatch path = path(conditions);
    RouteMatch match = match(conditions, path);
    HeaderEdits request =
        HeaderEditsCompiler.edits(in, 9, "request_headers_to_add", 12).then(hostRequest);
    HeaderEdits response =
        HeaderEditsCompiler.edits(in, 10, "response_headers_to_add", 11).then(hostResponse);
    ProtoFields decorator = in.message(5, "decorator");
    String operation = "";
    if (decorator != null) {
      operation = decorator.text(1);
      if (!decorator.wrappedBool(2, true)) {
        throw decorator.reject("propagate", "an operation is always told to the next proxy");
      }
    }
    ProtoFields forward = in.message(2, "route");
    RouteFilters filters = inherited.with(in, 13, place).on(forward);
    if (forward != null && forward.bool(38)) {
      request =
          new HeaderEdits(
                  List.of(),
                  List.of(
                      new HeaderEdits.Edit(
                          "x-forwarded-host",
                          "%REQ(:authority)%",
                          HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD,
                          false)))
              .then(request);
    }
    return new Route(
        in.text(14),
        match,
        action(in, forward, path, hostRetry),
        request,
        response,
        operation,
        filters.policies());
  }

  private static RouteAction action(
      ProtoFields in, @Nullable ProtoFields forward, PathMatch path, RetryPolicy hostRetry) {
    if (forward != null) {
      return RouteActionCompiler.forward(forward, path, hostRetry);
    }
    ProtoFields redirect = in.message(3, "redirect");
    if (redirect != null) {
      return RouteActionCompiler.redirect(redirect, path);
    }
    ProtoFields direct = in.message(7, "direct_response");
    if (direct != null) {
      ProtoFields body = direct.message(2, "body");
      return new RouteAction.DirectResponse(
          direct.integer(1), body == null ? "" : AccessLogCompiler.inline(body));
    }
    throw in.reject("action", "only route, redirect and direct_response are supported");
  }

  private static PathMatch path(ProtoFields match) {
    boolean ignoreCase = !match.wrappedBool(4, true);
    if (match.has(1)) {
      return new PathMatch.Prefix(match.text(1), ignoreCase);
    }
    if (match.has(2)) {
      return new PathMatch.Exact(match.text(2), ignoreCase);
    }
    if (match.has(14)) {
      return new PathMatch.SeparatedPrefix(match.text(14), ignoreCase);
    }
    ProtoFields regex = match.message(10, "safe_regex");
    if (regex != null) {
      return new PathMatch.SafeRegex(Matchers.regex(regex));
    }
    throw match.reject(
        "path_specifier", "only prefix, path, path_separated_prefix and safe_regex are supported");
  }

  private static RouteMatch match(ProtoFields in, PathMatch path) {
    if (in.has(9)
        && !Matchers.runtimeFraction(in.message(9, "runtime_fraction"))
            .equals(dev.weft.routing.Fraction.ALL)) {
      throw in.reject("runtime_fraction", "only 100% is supported; use weighted clusters");
    }
    return new RouteMatch(
        path,
        in.each(6, "headers", Matchers::header),
        in.each(7, "query_parameters", Matchers::query),
        in.each(13, "dynamic_metadata", Matchers::claim),
        in.message(8, "grpc") != null);
  }
}
