package dev.weft.explain;

import dev.weft.routing.IpLiteral;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.translate.ProxyRole;
import dev.weft.types.HostPort;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A question about a request, with everything in it found in a snapshot.
 *
 * @param question as it was asked, with what a log line says filled in
 */
record Asked(
    RequestQuestion question,
    Client client,
    AskedRequest request,
    Aim aim,
    Optional<AccessLogLine> logged) {
  private static final String TLS = "https://";
  private static final String PLAIN = "http://";

  static Asked of(MeshSnapshot snapshot, RequestQuestion question) throws UnclearException {
    if (!question.log().isEmpty()) {
      return logged(snapshot, question, AccessLogLine.parse(question.log()));
    }
    if (question.from().isEmpty() || question.host().isEmpty()) {
      throw new UnclearException(
          "from and host are needed, or log with a line of an access log: who asks, and for what");
    }
    Client client = Client.named(snapshot, question.from(), question.cluster());
    return described(snapshot, question, client);
  }

  private static Asked described(MeshSnapshot snapshot, RequestQuestion question, Client client)
      throws UnclearException {
    boolean tls = question.host().startsWith(TLS);
    String authority =
        tls
            ? question.host().substring(TLS.length())
            : question.host().startsWith(PLAIN)
                ? question.host().substring(PLAIN.length())
                : question.host();
    HostPort to = target(authority, tls ? 443 : 80);
    Aim aim = aim(snapshot, client, to.host(), to.port(), tls);
    return new Asked(
        question, client, request(question, client, authority, aim), aim, Optional.empty());
  }

  private static HostPort target(String authority, int otherwise) throws UnclearException {
    boolean hasPort = authority.matches("(\\[[^\\]]*\\]|[^:]*):\\d+");
    try {
      HostPort target = HostPort.parse(hasPort ? authority : authority + ":" + otherwise);
      if (target.host().indexOf(':') < 0 || IpLiteral.is(target.host())) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new UnclearException(
        "host is '" + authority + "', but must be HOST or HOST:PORT with a port from 1 to 65535");
  }

  private static AskedRequest request(
      RequestQuestion question, Client client, String authority, Aim aim) throws UnclearException {
    String path = question.path().isEmpty() ? "/" : question.path();
    if (!path.startsWith("/")) {
      throw new UnclearException("path is '" + path + "', but must begin with a slash");
    }
    return new AskedRequest(
        question.headers().getOrDefault("host", authority),
        client.role() == ProxyRole.SIDECAR ? aim.target().toString() : "",
        path,
        question.method().isEmpty() ? "GET" : question.method(),
        aim.tls() ? "https" : "http",
        question.headers());
  }

  private static Asked logged(MeshSnapshot snapshot, RequestQuestion question, AccessLogLine line)
      throws UnclearException {
    Client client =
        question.from().isEmpty()
            ? caller(snapshot, line, question.cluster())
            : Client.named(snapshot, question.from(), question.cluster());
    boolean ownLine = !line.upstreamCluster().startsWith("inbound|");
    Optional<HostPort> dialled = ownLine ? line.downstreamLocal() : Optional.empty();
    boolean tls = line.bytes() && !line.serverName().isEmpty();
    String authority = line.authority().isEmpty() ? line.serverName() : line.authority();
    if (authority.isEmpty()) {
      authority =
          dialled
              .map(HostPort::toString)
              .orElseThrow(() -> new UnclearException("the line says of no host who was called"));
    }
    HostPort to = target(authority, dialled.map(HostPort::port).orElse(tls ? 443 : 80));
    Optional<MeshService> called =
        dialled
            .flatMap(address -> Called.addressed(snapshot, client, address.host()))
            .map(Called::service);
    if (line.upstreamCluster().startsWith("outbound|")
        && called.isPresent()
        && Called.named(snapshot, to.host(), client.pod().key().namespace()).isEmpty()) {
      // A route rewrote the host, and the log has the new one.
      authority = called.get().hostname();
      to = target(authority, to.port());
    }
    Workload pod = client.pod();
    TreeMap<String, String> headers = new TreeMap<>(line.headers());
    headers.putAll(question.headers());
    RequestQuestion filled =
        new RequestQuestion(
            question.log(),
            pod.key().pod() + "." + pod.key().namespace(),
            pod.key().cluster().value(),
            line.bytes() ? "" : line.method(),
            (tls ? TLS : "") + authority,
            line.bytes() ? "" : line.path(),
            headers);
    Aim named = aim(snapshot, client, to.host(), to.port(), tls);
    Aim aim =
        dialled
            .map(d -> new Aim(named.host(), d.host(), d.port(), tls, named.service()))
            .orElse(named);
    return new Asked(
        filled, client, request(filled, client, authority, aim), aim, Optional.of(line));
  }

  /** Whose proxy logged the line, or who called the one that did. */
  private static Client caller(MeshSnapshot snapshot, AccessLogLine line, String cluster)
      throws UnclearException {
    // A gateway calls from its own address; a sidecar is called from the address of its pod.
    List<Optional<HostPort>> candidates =
        line.upstreamCluster().startsWith("inbound|")
            ? List.of(line.downstreamRemote())
            : List.of(line.upstreamLocal(), line.downstreamRemote(), line.downstreamLocal());
    for (Optional<HostPort> candidate : candidates) {
      List<Workload> pods =
          candidate.map(address -> pods(snapshot, address.host(), cluster)).orElse(List.of());
      if (pods.stream().map(w -> w.key().cluster()).distinct().count() > 1) {
        throw new UnclearException(
            candidate.map(HostPort::host).orElse("")
                + " is a pod in the clusters "
                + pods.stream().map(w -> w.key().cluster().value()).distinct().toList()
                + "; say which one by --context, or name the pod by --from");
      }
      if (!pods.isEmpty()) {
        return Client.of(snapshot, pods.getFirst());
      }
    }
    throw new UnclearException(
        "no pod that is known has one of the addresses of the line "
            + candidates.stream().flatMap(Optional::stream).map(HostPort::host).distinct().toList()
            + "; name the pod that logged it by --from");
  }

  private static List<Workload> pods(MeshSnapshot snapshot, String ip, String cluster) {
    return snapshot.workloads().values().stream()
        .filter(w -> cluster.isEmpty() || w.key().cluster().value().equals(cluster))
        .filter(w -> w.ips().contains(ip) && !w.hostNetwork())
        .sorted(Comparator.comparing(Workload::terminating))
        .toList();
  }

  private static Aim aim(MeshSnapshot snapshot, Client client, String host, int port, boolean tls) {
    if (client.role() == ProxyRole.ROUTER) {
      String own = client.pod().ips().isEmpty() ? Aim.UNKNOWN : client.pod().ips().getFirst();
      return new Aim(host, own, ownPort(snapshot, client.pod(), port), tls, Optional.empty());
    }
    Optional<Called> called =
        IpLiteral.is(host)
            ? Called.addressed(snapshot, client, host)
            : Called.named(snapshot, host, client.pod().key().namespace());
    String address =
        IpLiteral.is(host)
            ? host
            : called.flatMap(c -> c.address(snapshot, client)).orElse(Aim.UNKNOWN);
    return new Aim(host, address, port, tls, called.map(Called::service));
  }

  /** The port of a gateway's pod behind a port of its Service. */
  private static int ownPort(MeshSnapshot snapshot, Workload pod, int port) {
    for (MeshService service : snapshot.services().values()) {
      Optional<ServicePort> found = service.port(port);
      for (ServiceEndpoint endpoint : service.endpoints()) {
        Workload workload = endpoint.workload();
        if (found.isPresent() && workload != null && workload.key().equals(pod.key())) {
          return endpoint.ports().getOrDefault(found.get().name(), port);
        }
      }
    }
    return port;
  }
}
