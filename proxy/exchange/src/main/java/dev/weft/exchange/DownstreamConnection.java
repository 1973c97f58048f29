package dev.weft.exchange;

import dev.weft.routing.RateLimitPolicy;
import dev.weft.runtime.ConnectionView;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.Listener;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of an accepted connection. Confined to its event loop. */
public final class DownstreamConnection implements ConnectionView {
  /** More are left by configuration that came and went. */
  private static final int MOST_LIMITS = 16;

  private final long id;
  private final long startNanos;
  private final InetSocketAddress remote;
  private final InetSocketAddress bound;
  private InetSocketAddress destination;
  private boolean redirected;
  private Listener listener;
  private @Nullable FilterChain chain;
  private String serverName = "";
  private String transport = "raw_buffer";
  private List<String> protocols = List.of();
  private boolean http2Preface;
  private @Nullable PeerCertificate peer;
  private boolean tls;
  private Runnable givesUp;
  private String tlsVersion = "";
  private String tlsCipher = "";
  private @Nullable String remoteText;
  private @Nullable String destinationText;
  private final Map<RateLimitPolicy, Buckets> buckets = new LinkedHashMap<>(0);

  /**
   * A connection that was just accepted.
   *
   * @param closes ends it
   * @param startNanos when it was, in nanoseconds of the clock of its loop
   */
  public DownstreamConnection(
      Runnable closes,
      long startNanos,
      long id,
      Listener listener,
      InetSocketAddress remote,
      InetSocketAddress bound) {
    this.id = id;
    this.listener = listener;
    this.remote = remote;
    this.bound = bound;
    this.destination = bound;
    this.givesUp = closes;
    this.startNanos = startNanos;
  }

  public long id() {
    return id;
  }

  public long startNanos() {
    return startNanos;
  }

  /** The client. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** The address that the socket was accepted on. */
  public InetSocketAddress bound() {
    return bound;
  }

  /** Where the client wanted to go: before redirection, if there was one. */
  public InetSocketAddress destination() {
    return destination;
  }

  /** Whether the kernel redirected the connection to us. */
  public boolean redirected() {
    return redirected;
  }

  public Listener listener() {
    return listener;
  }

  /** The chain that was chosen, or null before that. */
  public @Nullable FilterChain chain() {
    return chain;
  }

  /** The verified client, or null without mutual TLS. */
  public @Nullable PeerCertificate peer() {
    return peer;
  }

  /** Whether TLS ends here. */
  public boolean tls() {
    return tls;
  }

  public String tlsVersion() {
    return tlsVersion;
  }

  public String tlsCipher() {
    return tlsCipher;
  }

  /** Whether the client speaks HTTP/2 from its first byte, in plaintext. */
  public boolean http2Preface() {
    return http2Preface;
  }

  public void redirectedTo(InetSocketAddress original) {
    destination = original;
    redirected = true;
    destinationText = null;
  }

  public void handedTo(Listener other) {
    listener = other;
  }

  public void chose(FilterChain chosen) {
    chain = chosen;
  }

  /** Whoever serves the connection from now on, and how that ends where peers hold too much. */
  public void servedBy(Runnable ending) {
    givesUp = ending;
  }

  /** Ends the connection, because peers make the loop hold too much. */
  public void giveUp() {
    givesUp.run();
  }

  public void sawTls(String sni, List<String> alpn) {
    transport = "tls";
    serverName = sni;
    protocols = alpn;
  }

  public void sawProtocol(String protocol, boolean preface) {
    protocols = List.of(protocol);
    http2Preface = preface;
  }

  public void secured(@Nullable PeerCertificate client, String version, String cipher) {
    tls = true;
    peer = client;
    tlsVersion = version;
    tlsCipher = cipher;
  }

  @Override
  public int destinationPort() {
    return destination.getPort();
  }

  @Override
  public byte[] destinationAddress() {
    return Objects.requireNonNull(destination.getAddress()).getAddress();
  }

  @Override
  public byte[] sourceAddress() {
    return Objects.requireNonNull(remote.getAddress()).getAddress();
  }

  @Override
  public String serverName() {
    return serverName;
  }

  @Override
  public String transportProtocol() {
    return transport;
  }

  @Override
  public List<String> applicationProtocols() {
    return protocols;
  }

  /** The connection's own buckets of a limit of rates; those of older limits are forgotten. */
  public Buckets buckets(RateLimitPolicy limit, Function<RateLimitPolicy, Buckets> full) {
    if (buckets.size() > MOST_LIMITS) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    return buckets.computeIfAbsent(limit, full);
  }

  /** {@code ip:port} of the client. */
  public String remoteText() {
    String text = remoteText;
    if (text == null) {
      text = text(remote);
      remoteText = text;
    }
    return text;
  }

  /** {@code ip:port} of the destination. */
  public String destinationText() {
    String text = destinationText;
    if (text == null) {
      text = text(destination);
      destinationText = text;
    }
    return text;
  }

  /** An address as {@code ip:port} or {@code [ip]:port}. */
  public static String text(InetSocketAddress address) {
    String ip = ip(address);
    return ip.indexOf(':') >= 0
        ? "[" + ip + "]:" + address.getPort()
        : ip + ":" + address.getPort();
  }

  /** The IP literal of an address, or its host name where it is not resolved. */
  public static String ip(InetSocketAddress address) {
    return address.getAddress() == null
        ? address.getHostString()
        : address.getAddress().getHostAddress();
  }
}
