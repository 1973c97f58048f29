package dev.weft.proxy;

import dev.weft.proxy.admin.PlainHttp;
import dev.weft.types.MeshPorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code weft wait}: ends when this pod's proxy is ready. The hook by which a proxy that is an
 * ordinary container holds the application back. Istio: pilot/cmd/pilot-agent/app/wait.go.
 *
 * @param limit how long at most
 * @param pause between two questions
 */
record WaitCommand(InetSocketAddress server, Duration limit, Duration pause) {
  private static final Duration ANSWER = Duration.ofMillis(500);

  static WaitCommand parse(List<String> args) {
    Duration limit = Duration.ofSeconds(60);
    Duration pause = Duration.ofMillis(500);
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String value = arg.substring(equals + 1);
      switch (equals < 0 ? arg : arg.substring(0, equals)) {
        case "--timeoutSeconds" -> limit = Duration.ofSeconds(number(arg, value));
        case "--periodMillis" -> pause = Duration.ofMillis(number(arg, value));
        default ->
            throw new IllegalArgumentException(
                "wait takes --timeoutSeconds=N and --periodMillis=N, not " + arg);
      }
    }
    return new WaitCommand(new InetSocketAddress("127.0.0.1", MeshPorts.READINESS), limit, pause);
  }

  private static long number(String arg, String value) {
    if (!value.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(arg + ": '" + value + "' is not a whole number");
    }
    return Long.parseLong(value);
  }

  /** Whether the proxy was ready in time. */
  boolean run() throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(pause);
    }
    return true;
  }

  private boolean ready() {
    try {
      return PlainHttp.ask(server, null, "GET", "/healthz/ready", Map.of(), ANSWER).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
