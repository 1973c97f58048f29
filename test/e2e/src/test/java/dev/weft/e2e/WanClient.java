package dev.weft.e2e;

import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A client that stands outside of all clusters and knocks on 15443. Runs as a process of its own on
 * the wan: {@code WanClient HOW HOST SNI [CA_HOST TOKEN CLUSTER]}. Prints the first line of the
 * answer, or why there is none.
 */
final class WanClient {
  private static final Logger LIBRARIES = Logger.getLogger("io.grpc");
  private static final String ALIAS = "identity";
  private static final int CROSS_NETWORK = 15443;
  private static final int CA = 15012;

  private WanClient() {}

  /** Runs it on the wan of a lab. */
  static String knock(Lab lab, String how, String host, String sni, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                WanClient.class.getName(),
                how,
                host,
                sni));
    words.addAll(List.of(more));
    return lab.onTheWan(words.toArray(String[]::new)).run().out().strip();
  }

  public static void main(String[] args) throws Exception {
    LIBRARIES.setLevel(Level.OFF);
    try {
      System.out.println(knock(args));
    } catch (IOException e) {
      System.out.println("REFUSED " + e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private static String knock(String[] args) throws Exception {
    String how = args[0];
    String host = args[1];
    String sni = args[2];
    return switch (how) {
      case "raw" -> {
        try (Socket socket = new Socket(host, CROSS_NETWORK)) {
          yield ask(socket);
        }
      }
      case "tls-without-mesh-alpn" -> tls(host, sni, new String[] {"http/1.1"}, null);
      case "no-certificate" -> tls(host, sni, new String[] {"istio"}, null);
      case "foreign-root" -> tls(host, sni, new String[] {"istio"}, selfSigned());
      case "mesh" ->
          tls(
              host,
              sni,
              new String[] {"istio-http/1.1", "istio"},
              fromMesh(args[3], args[4], args[5]));
      default -> throw new IllegalArgumentException(how);
    };
  }

  private static String ask(Socket socket) throws IOException {
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            "GET /status/418 HTTP/1.1\r\nHost: httpbin:8000\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\r'; b = in.read()) {
      line.append((char) b);
    }
    if (line.isEmpty()) {
      throw new IOException("closed without an answer");
    }
    return "ANSWER " + line;
  }

  private static String tls(String host, String sni, String[] alpn, @Nullable KeyStore identity)
      throws Exception {
    KeyManager[] keys = new KeyManager[0];
    if (identity != null) {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(identity, new char[0]);
      keys = new KeyManager[] {new Insistent((X509ExtendedKeyManager) factory.getKeyManagers()[0])};
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(host, CROSS_NETWORK)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new MeshServerName(sni)));
      parameters.setApplicationProtocols(alpn);
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(60_000);
      socket.startHandshake();
      return ask(socket);
    }
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static ContentSigner signer(KeyPair keys) throws Exception {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
  }

  /** The right name, vouched for by nobody that the mesh knows. */
  private static KeyStore selfSigned() throws Exception {
    KeyPair keys = keys();
    Instant now = Instant.now();
    X500Name name = new X500Name("O=elsewhere");
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.TWO,
                        Date.from(now.minus(Duration.ofMinutes(5))),
                        Date.from(now.plus(Duration.ofHours(1))),
                        name,
                        keys.getPublic())
                    .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                            new GeneralName(
                                GeneralName.uniformResourceIdentifier,
                                "spiffe://cluster.local/ns/default/sa/sleep")))
                    .build(signer(keys)));
    return store(keys, new Certificate[] {certificate});
  }

  private static KeyStore fromMesh(String ca, String token, String cluster) throws Exception {
    KeyPair keys = keys();
    StringWriter csr = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(csr)) {
      pem.writeObject(
          new JcaPKCS10CertificationRequestBuilder(new X500Name("O=test"), keys.getPublic())
              .build(signer(keys)));
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    headers.put(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER), cluster);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(ca, CA)
            .sslContext(
                io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .overrideAuthority("istiod.istio-system.svc")
            .build();
    try {
      List<String> chain =
          IstioCertificateServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .createCertificate(
                  IstioCertificateRequest.newBuilder().setCsr(csr.toString()).build())
              .getCertChainList();
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<Certificate> certificates = new ArrayList<>();
      for (String pem : chain) {
        certificates.addAll(
            factory.generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
      }
      return store(keys, certificates.toArray(Certificate[]::new));
    } finally {
      channel.shutdownNow();
    }
  }

  private static KeyStore store(KeyPair keys, Certificate[] chain) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ALIAS, keys.getPrivate(), new char[0], chain);
    return store;
  }

  /** The mesh's names have underscores, which the JDK's own class does not take. */
  private static final class MeshServerName extends SNIServerName {
    MeshServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Shows its certificate also to servers that say they trust others only. */
  private static final class Insistent extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;

    Insistent(X509ExtendedKeyManager keys) {
      this.keys = keys;
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }
  }
}
