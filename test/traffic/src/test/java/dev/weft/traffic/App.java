package dev.weft.traffic;

import dev.weft.proxy.net.Origin;
import dev.weft.proxy.net.Peer;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The application of all pods. It answers with its pod's name and the head of the request; paths
 * ask for more: {@code /status/N}, {@code /never}, {@code /reset}, {@code /flaky/N/STATUS/KEY},
 * which fails for the first N requests with that key, and {@code /flaky/N/reset/KEY}. Who begins
 * TLS gets the pod's name in plain text.
 */
final class App {
  private static final int TLS_HANDSHAKE = 22;

  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> flaky = new ConcurrentHashMap<>();

  /** Heads of requests, as {@code <pod> <head>}. */
  final Deque<String> received = new ConcurrentLinkedDeque<>();

  /** The application's socket for one port of a pod. */
  Origin of(Pod pod, int port) {
    return new Origin(
        new InetSocketAddress(pod.application(), port), peer -> serve(pod.name(), port, peer));
  }

  /** From now on these pods, and no others, answer everything with 503. */
  void failing(String... pods) {
    failing.clear();
    failing.addAll(List.of(pods));
  }

  private void serve(String pod, int port, Peer peer) {
    int requests = 0;
    int first = peer.read();
    if (first == TLS_HANDSHAKE) {
      peer.send(pod);
      return;
    }
    String rest = first < 0 ? "" : peer.head();
    for (String head = first < 0 ? "" : (char) first + rest; !head.isEmpty(); head = peer.head()) {
      requests++;
      int length = Peer.contentLength(head);
      String body = length > 0 ? peer.bytes(length) : "";
      received.add(pod + " " + head);
      String[] path = head.split(" ", 3)[1].split("[/?]");
      String kind = path.length > 1 ? path[1] : "";
      String status = failing.contains(pod) ? "503" : "200";
      if (kind.equals("status")) {
        status = path[2];
      } else if (kind.equals("flaky")
          && flaky.merge(path[4], 1, Integer::sum) <= Integer.parseInt(path[2])) {
        status = path[3];
      }
      if (kind.equals("reset") || status.equals("reset")) {
        return;
      }
      if (kind.equals("never")) {
        peer.rest();
        return;
      }
      String content = head + body;
      peer.send(
          "HTTP/1.1 "
              + status
              + " X\r\nx-pod: "
              + pod
              + "\r\nx-port: "
              + port
              + "\r\nx-nth: "
              + requests
              + "\r\nx-secret: s\r\ncontent-length: "
              + content.length()
              + "\r\n\r\n"
              + content);
    }
  }
}
