package dev.weft.proxy;

import dev.weft.proxy.admin.PlainHttp;
import dev.weft.redirect.RedirectCommand;
import dev.weft.redirect.node.NodeCommand;
import dev.weft.types.MeshPorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The data plane's commands. */
public final class Main {
  private static final String USAGE =
      """
      usage: weft proxy sidecar|router [--domain D] [--proxyLogLevel L] [--concurrency N]
             weft redirect [flags of istio-iptables]
             weft redirect-node              redirects the pods of a node that may not do it themselves
             weft request GET|POST PATH      asks the admin port of this pod's proxy
             weft wait [--timeoutSeconds=N]  ends when this pod's proxy is ready
      """;

  private Main() {}

  /** Runs a command; the exit code is 0 for success, 1 for a failure, 2 for wrong usage. */
  public static void main(String[] args) {
    int code = run(List.of(args), System.getenv());
    if (code >= 0) {
      System.exit(code);
    }
  }

  private static int run(List<String> args, Map<String, String> environment) {
    String command = args.isEmpty() ? "" : args.getFirst();
    List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
    try {
      return switch (command) {
        case "proxy" -> proxy(rest, environment);
        case "sidecar", "router", "gateway" -> proxy(args, environment);
        case "request" -> request(rest);
        case "wait" -> await(WaitCommand.parse(rest));
        case "redirect", "istio-iptables" -> RedirectCommand.run(rest, environment);
        case "redirect-node" -> NodeCommand.run(rest, environment);
        default -> usage();
      };
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println("weft: " + e.getMessage());
      return 1;
    }
  }

  private static int usage() {
    System.err.print(USAGE);
    return 2;
  }

  private static int proxy(List<String> args, Map<String, String> environment) {
    NativeDirectory.choose(environment);
    ProxyProcess process = ProxyProcess.start(ProxyOptions.parse(args), environment);
    Runtime.getRuntime().addShutdownHook(new Thread(process::shutDown, "shutdown"));
    process.awaitEnd();
    return 0;
  }

  private static int await(WaitCommand command) {
    try {
      if (command.run()) {
        return 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.println(
        "weft: the proxy is not ready after " + command.limit().toSeconds() + " seconds");
    return 1;
  }

  private static int request(List<String> args) {
    if (args.size() != 2) {
      return usage();
    }
    try {
      PlainHttp.Response response =
          PlainHttp.ask(
              new InetSocketAddress("127.0.0.1", MeshPorts.ADMIN),
              null,
              args.get(0).toUpperCase(Locale.ROOT),
              args.get(1).startsWith("/") ? args.get(1) : "/" + args.get(1),
              Map.of(),
              Duration.ofSeconds(10));
      System.out.print(response.body());
      System.out.flush();
      return response.status() / 100 == 2 ? 0 : 1;
    } catch (IOException e) {
      System.err.println(
          "weft: no answer from the proxy's admin port " + MeshPorts.ADMIN + ": " + e.getMessage());
      return 1;
    }
  }
}
