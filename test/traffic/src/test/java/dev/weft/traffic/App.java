package dev.weft.traffic;

import dev.weft.server.FramePeer;
import dev.weft.server.Origin;
import dev.weft.server.Peer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
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
    return at(pod.name(), new InetSocketAddress(pod.application(), port));
  }

  /** A socket of the application by any name. */
  Origin at(String name, InetSocketAddress address) {
    return new Origin(address, peer -> serve(name, address.getPort(), peer));
  }

  /** From now on these pods, and no others, answer everything with 503. */
  void failing(String... pods) {
    failing.clear();
    failing.addAll(List.of(pods));
  }

  private void serve(String pod, int port, Peer peer) {
    int first = peer.read();
    if (first == TLS_HANDSHAKE) {
      peer.send(pod);
      return;
    }
    String head = first < 0 ? "" : (char) first + peer.head();
    if (head.startsWith("PRI * HTTP/2.0")) {
      serve(pod, port, FramePeer.serverAfterPriLine(peer));
      return;
    }
    for (int nth = 1; !head.isEmpty(); head = peer.head(), nth++) {
      int length = Peer.contentLength(head);
      String body = length > 0 ? peer.bytes(length) : "";
      Reply reply = reply(pod, port, nth, head, body);
      switch (reply.kind()) {
        case "reset" -> {
          return;
        }
        case "never" -> {
          peer.rest();
          return;
        }
        default ->
            peer.send(
                "HTTP/1.1 "
                    + reply.status()
                    + " X\r\n"
                    + String.join("\r\n", reply.headers())
                    + "\r\ncontent-length: "
                    + reply.content().length()
                    + "\r\n\r\n"
                    + reply.content());
      }
    }
  }

  private void serve(String pod, int port, FramePeer peer) {
    FramePeer.Message request = peer.message();
    for (int nth = 1; request != null; request = peer.message(), nth++) {
      Reply reply = reply(pod, port, nth, request.head(), request.body());
      List<String> headers = new ArrayList<>(reply.headers());
      headers.add("x-version: 2");
      switch (reply.kind()) {
        case "reset" -> peer.reset(request.stream());
        case "never" -> {}
        default -> peer.answer(request.stream(), reply.status(), headers, reply.content());
      }
    }
  }

  /**
   * What is answered.
   *
   * @param kind {@code reset}: nothing, and the request is broken off; {@code never}: nothing
   */
  private record Reply(String kind, String status, List<String> headers, String content) {}

  private Reply reply(String pod, int port, int nth, String head, String body) {
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
    List<String> headers =
        List.of("x-pod: " + pod, "x-port: " + port, "x-nth: " + nth, "x-secret: s");
    return new Reply(status.equals("reset") ? "reset" : kind, status, headers, head + body);
  }
}
