package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.PeerRules;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.TlsParameters;
import dev.weft.runtime.TlsSecret;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.SimulatedClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway towards clients that know nothing of the mesh. */
class GatewayTlsTest {
  private static final String SHOP = "kubernetes://shop";
  private static final String BLOG = "kubernetes://blog";
  private static final PeerTrust NOBODY = new PeerTrust.None();

  private final Pki pki = new Pki();
  private final Origin app = Origin.answering("hello");
  private final int port = Ports.free();
  private final SimulatedClock time = today();
  private final ProxyServer proxy =
      Proxies.start(
          ProxySettings.ofLoops(1),
          pki.identity("spiffe://cluster.local/ns/istio-system/sa/gateway"),
          new Proxies.Lines(),
          c -> null,
          time);

  /** Certificates are valid by the calendar. */
  private static SimulatedClock today() {
    SimulatedClock clock = new SimulatedClock();
    clock.pass(Duration.between(Instant.EPOCH, Instant.now()));
    return clock;
  }

  @AfterEach
  void close() {
    proxy.close();
    app.close();
  }

  @Test
  void each_host_shows_its_own_certificate() throws Exception {
    serve(
        new Configs().secret(SHOP, pki.host("shop.example")).secret(BLOG, pki.host("blog.example")),
        chain("shop", SHOP, NOBODY, false, "shop.example"),
        chain("blog", BLOG, NOBODY, false, "blog.example"));

    assertThat(call("shop.example").subject()).isEqualTo("CN=shop.example");
    assertThat(call("blog.example").subject()).isEqualTo("CN=blog.example");
    assertThat(call("shop.example").answer()).contains("200 OK").endsWith("hello");
    assertThatThrownBy(() -> call("other.example")).isInstanceOf(IOException.class);
  }

  @Test
  void http2_is_agreed_on_and_another_hosts_request_is_sent_to_a_connection_of_its_own()
      throws Exception {
    VirtualHost shop =
        new VirtualHost(
            "shop",
            List.of("shop.example"),
            List.of(Configs.route("/", "app")),
            false,
            false,
            false);
    proxy.apply(
        app(new Configs().secret(SHOP, pki.host("shop.example")))
            .routes("routes", shop)
            .listener(
                gateway(
                    Configs.chain(
                        "shop",
                        ChainMatch.ANY,
                        new DownstreamTls.Terminate(
                            SHOP, NOBODY, false, List.of("h2", "http/1.1"), TlsParameters.DEFAULT),
                        Configs.edge(Configs.http("routes", Configs.OUTBOUND_FILTERS, List.of())))))
            .build());
    try (SSLSocket socket = connect("shop.example", null)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      FramePeer client = FramePeer.client(new Peer(socket));
      assertThat(client.headers(1, true, asking("shop.example:443")).answer(1).body())
          .isEqualTo("hello");
      assertThat(client.headers(3, true, asking("blog.example")).answer(3).status()).isEqualTo(421);
    }
  }

  private static String[] asking(String host) {
    return new String[] {":method", "GET", ":scheme", "https", ":path", "/", ":authority", host};
  }

  @Test
  void keys_are_agreed_on_by_the_curves_that_are_named() throws Exception {
    DownstreamTls one =
        new DownstreamTls.Terminate(
            SHOP,
            NOBODY,
            false,
            List.of("http/1.1"),
            new TlsParameters(
                TlsParameters.Version.TLS_1_2,
                TlsParameters.Version.TLS_1_3,
                List.of(),
                List.of("P-384")));
    serve(
        new Configs().secret(SHOP, pki.host("shop.example")),
        Configs.chain(
            "shop",
            ChainMatch.ANY,
            one,
            Configs.http("routes", Configs.OUTBOUND_FILTERS, List.of())));

    assertThat(call("shop.example", null, "secp384r1").answer()).contains("200 OK");
    assertThatThrownBy(() -> call("shop.example", null, "x25519")).isInstanceOf(SSLException.class);
  }

  @Test
  void a_certificate_that_is_exchanged_counts_from_the_next_connection() throws Exception {
    FilterChain chain = chain("shop", SHOP, NOBODY, false, "shop.example");
    TlsSecret.KeyPair first = pki.host("shop.example");
    TlsSecret.KeyPair second = pki.host("shop.example");
    serve(new Configs().secret(SHOP, first), chain);
    X509Certificate before = call("shop.example").certificate();

    serve(new Configs().secret(SHOP, second), chain);

    assertThat(before).isEqualTo(first.chain().getFirst());
    assertThat(call("shop.example").certificate()).isEqualTo(second.chain().getFirst());
  }

  @Test
  void without_its_certificate_a_host_is_closed_and_its_neighbour_is_not() throws Exception {
    serve(
        new Configs().secret(BLOG, pki.host("blog.example")),
        chain("shop", SHOP, NOBODY, false, "shop.example"),
        chain("blog", BLOG, NOBODY, false, "blog.example"));

    assertThatThrownBy(() -> call("shop.example")).isInstanceOf(IOException.class);
    assertThat(call("blog.example").answer()).contains("200 OK");
  }

  @Test
  void who_must_show_a_certificate_is_let_in_with_a_right_one_alone() throws Exception {
    Pki strangers = new Pki();
    serve(
        new Configs()
            .secret(SHOP, pki.host("shop.example"))
            .secret(SHOP + "-cacert", new TlsSecret.Trusted(List.of(pki.root), List.of())),
        chain(
            "shop",
            SHOP,
            new PeerTrust.Secret(SHOP + "-cacert", PeerRules.NONE),
            true,
            "shop.example"));

    assertThat(call("shop.example", pki.host("client.example")).answer()).contains("200 OK");
    assertThatThrownBy(() -> call("shop.example")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> call("shop.example", strangers.host("client.example")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void only_clients_with_a_pinned_key_or_certificate_are_let_in() throws Exception {
    TlsSecret.KeyPair known = pki.host("known.example");
    TlsSecret.KeyPair other = pki.host("other.example");
    byte[] key = sha256(known.chain().getFirst().getPublicKey().getEncoded());
    byte[] certificate = sha256(known.chain().getFirst().getEncoded());
    for (PeerRules pins :
        List.of(
            new PeerRules(
                List.of(), List.of(Base64.getEncoder().encodeToString(key)), List.of(), ""),
            new PeerRules(
                List.of(), List.of(), List.of(HexFormat.of().formatHex(certificate)), ""))) {
      serve(clients(List.of()), mutual(pins));
      assertThat(call("shop.example", known).answer()).contains("200 OK");
      assertThatThrownBy(() -> call("shop.example", other)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void who_is_on_a_revocation_list_is_not_let_in(@TempDir Path folder) throws Exception {
    TlsSecret.KeyPair good = pki.host("good.example");
    TlsSecret.KeyPair stolen = pki.host("stolen.example");
    X509CRL list = pki.revoked(stolen.chain().getFirst());
    serve(clients(List.of(list)), mutual(PeerRules.NONE));
    assertThat(call("shop.example", good).answer()).contains("200 OK");
    assertThatThrownBy(() -> call("shop.example", stolen)).isInstanceOf(IOException.class);

    Path file = folder.resolve("crl.pem");
    Files.writeString(file, pem("X509 CRL", list.getEncoded()));
    serve(
        clients(List.of()),
        mutual(new PeerRules(List.of(), List.of(), List.of(), file.toString())));
    assertThat(call("shop.example", good).answer()).contains("200 OK");
    assertThatThrownBy(() -> call("shop.example", stolen)).isInstanceOf(IOException.class);
  }

  private Configs clients(List<X509CRL> revoked) {
    return new Configs()
        .secret(SHOP, pki.host("shop.example"))
        .secret(SHOP + "-cacert", new TlsSecret.Trusted(List.of(pki.root), revoked));
  }

  private FilterChain mutual(PeerRules rules) {
    return chain("shop", SHOP, new PeerTrust.Secret(SHOP + "-cacert", rules), true, "shop.example");
  }

  private static byte[] sha256(byte[] of) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(of);
  }

  @Test
  void files_of_the_pod_are_read_again_when_they_change(@TempDir Path folder) throws Exception {
    Path certificate = folder.resolve("tls.crt");
    Path key = folder.resolve("tls.key");
    TlsSecret.KeyPair first = pki.host("shop.example");
    TlsSecret.KeyPair second = pki.host("shop.example");
    write(first, certificate, key, 1);
    serve(
        new Configs(),
        chain("shop", "file-cert:" + certificate + "~" + key, NOBODY, false, "shop.example"));
    assertThat(call("shop.example").certificate()).isEqualTo(first.chain().getFirst());

    write(second, certificate, key, 2);
    time.pass(Duration.ofSeconds(6));

    assertThat(call("shop.example").certificate()).isEqualTo(second.chain().getFirst());

    Files.writeString(key, "half a key");
    time.pass(Duration.ofSeconds(6));
    assertThat(call("shop.example").certificate()).isEqualTo(second.chain().getFirst());
  }

  private static void write(TlsSecret.KeyPair pair, Path certificate, Path key, int time)
      throws IOException, GeneralSecurityException {
    Files.writeString(certificate, pem("CERTIFICATE", pair.chain().getFirst().getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", pair.key().getEncoded()));
    for (Path file : List.of(certificate, key)) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(time * 1_000L));
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der));
  }

  private FilterChain chain(
      String name, String secret, PeerTrust clients, boolean required, String host) {
    return Configs.chain(
        name,
        new ChainMatch(0, List.of(), List.of(host), "", List.of(), List.of()),
        new DownstreamTls.Terminate(
            secret, clients, required, List.of("http/1.1"), TlsParameters.DEFAULT),
        Configs.http("routes", Configs.OUTBOUND_FILTERS, List.of()));
  }

  private void serve(Configs configs, FilterChain... chains) {
    proxy.apply(
        app(configs).routes("routes", Configs.route("/", "app")).listener(gateway(chains)).build());
  }

  private Configs app(Configs configs) {
    return configs.cluster(
        Configs.cluster("app", new UpstreamTransport.Plain(), CircuitLimits.UNLIMITED), app.port());
  }

  private Listener gateway(FilterChain... chains) {
    return Configs.bound(
        "gateway",
        port,
        Listener.Direction.OUTBOUND,
        new ListenerFilters(false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.OFF),
        chains);
  }

  /** What a client saw. */
  private record Call(X509Certificate certificate, String answer) {
    String subject() {
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private Call call(String host) throws IOException, GeneralSecurityException {
    return call(host, null);
  }

  private Call call(String host, TlsSecret.@Nullable KeyPair client)
      throws IOException, GeneralSecurityException {
    return call(host, client, null);
  }

  /** A connection whose handshake has not begun. */
  private SSLSocket connect(String host, TlsSecret.@Nullable KeyPair client)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    load(trusted);
    trusted.setCertificateEntry("root", pki.root);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    context.init(client == null ? null : keys(client), trust.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private Call call(String host, TlsSecret.@Nullable KeyPair client, @Nullable String group)
      throws IOException, GeneralSecurityException {
    try (SSLSocket socket = connect(host, client)) {
      if (group != null) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setNamedGroups(new String[] {group});
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (answer.isEmpty()) {
        // With TLS 1.3 a client's certificate is refused after its handshake has ended.
        throw new SSLException("closed without an answer");
      }
      return new Call(shown, answer);
    }
  }

  private static KeyManager[] keys(TlsSecret.KeyPair client) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    load(store);
    store.setKeyEntry(
        "client", client.key(), new char[0], client.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  private static void load(KeyStore store) throws GeneralSecurityException {
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
