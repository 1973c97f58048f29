package dev.weft.bench;

import dev.weft.routing.PathMatch;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to find a route among those of 1,000 services, as a sidecar has them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteTableBenchmark {
  private static final int SERVICES = 1000;

  /** A name that is there in full, one that a wildcard takes, and one that nobody has. */
  @Param({"service-500.shop.svc.cluster.local:80", "shop.example.com", "nobody.example.org"})
  public String authority = "";

  private final RouteTable table = table();
  private RequestView request = new Get("");

  private record Get(String authority) implements RequestView {
    @Override
    public String path() {
      return "/api/v1/products/0?lang=en";
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public @Nullable CharSequence header(String lowerCaseName) {
      return null;
    }
  }

  private static RouteTable table() {
    List<VirtualHost> hosts = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      String name = "service-" + i;
      String full = name + ".shop.svc.cluster.local";
      hosts.add(
          host(full, List.of(full, name + ".shop", name + ".shop.svc", name, "240.240.7." + i)));
    }
    hosts.add(host("wildcard", List.of("*.example.com")));
    return RouteTable.of("80", true, hosts);
  }

  private static VirtualHost host(String name, List<String> domains) {
    List<Route> routes = new ArrayList<>();
    for (String prefix : List.of("/login", "/static", "/api")) {
      routes.add(
          Route.of(
              "default",
              RouteMatch.of(new PathMatch.Prefix(prefix, false)),
              RouteAction.Forward.to("outbound|80||" + name)));
    }
    return new VirtualHost(name, domains, routes, false, true, false);
  }

  @Setup
  public void ask() {
    request = new Get(authority);
  }

  @Benchmark
  public @Nullable Route match() {
    return table.match(request);
  }
}
