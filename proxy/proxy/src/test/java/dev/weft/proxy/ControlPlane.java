package dev.weft.proxy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weft.xds.XdsType;
import dev.weft.xds.ca.IstioCertificateRequest;
import dev.weft.xds.ca.IstioCertificateResponse;
import dev.weft.xds.ca.IstioCertificateServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** A control plane for tests: a CA and a delta ADS server over TLS, on a port of 127.0.0.1. */
final class ControlPlane implements AutoCloseable {
  static final String NAME = "istiod.istio-system.svc";
  private static final Context.Key<String> CALLER = Context.key("caller");

  private final KeyPair keys = keys();
  private final X509Certificate root = sign("CN=root", keys.getPublic(), null, null);
  private final AtomicLong serial = new AtomicLong(100);
  private final Map<XdsType, Map<String, Message>> resources = new LinkedHashMap<>();
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  final LinkedBlockingQueue<DeltaDiscoveryRequest> answers = new LinkedBlockingQueue<>();
  final List<String> callers = new CopyOnWriteArrayList<>();
  volatile Duration certificateLife = Duration.ofHours(1);
  private @Nullable Server server;
  private int port;
  private int version;

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String rootPem() {
    return pem(root);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Begins, on the same port as before where there was one. */
  void start() {
    try {
      KeyPair own = keys();
      X509Certificate certificate =
          sign("CN=istiod", own.getPublic(), new GeneralName(GeneralName.dNSName, NAME), root);
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
              .sslContext(
                  GrpcSslContexts.configure(
                          io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder.forServer(
                              own.getPrivate(), certificate))
                      .trustManager(root)
                      .clientAuth(ClientAuth.OPTIONAL)
                      .build())
              .addService(ServerInterceptors.intercept(new Authority(), new WhoCalls()))
              .addService(ServerInterceptors.intercept(new Discovery(), new WhoCalls()))
              .build()
              .start();
      port = server.getPort();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  void stop() {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      try {
        running.awaitTermination(60, java.util.concurrent.TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    sessions.clear();
    server = null;
  }

  @Override
  public void close() {
    stop();
  }

  synchronized void set(XdsType type, String name, Message resource) {
    version++;
    resources.computeIfAbsent(type, t -> new LinkedHashMap<>()).put(name, resource);
    sessions.forEach(s -> s.push(type, Map.of(name, resource)));
  }

  /** Knows who calls: by certificate or by token. */
  private static final class WhoCalls implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      String token =
          headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      String cluster = headers.get(Metadata.Key.of("clusterid", Metadata.ASCII_STRING_MARSHALLER));
      String who = token == null ? "nobody" : token;
      var tls = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      if (tls != null) {
        try {
          tls.getPeerCertificates();
          who = "certificate";
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
          // The token says it.
        }
      }
      return Contexts.interceptCall(
          Context.current().withValue(CALLER, who + "@" + cluster), call, headers, next);
    }
  }

  private final class Authority
      extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
    @Override
    public void createCertificate(
        IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> out) {
      callers.add("ca " + CALLER.get());
      try (PEMParser parser = new PEMParser(new StringReader(request.getCsr()))) {
        JcaPKCS10CertificationRequest csr =
            new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
        PublicKey key = csr.getPublicKey();
        if (!csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
          throw new IllegalStateException("the request is not signed by its key");
        }
        GeneralNames names =
            GeneralNames.fromExtensions(
                csr.getRequestedExtensions(), Extension.subjectAlternativeName);
        X509Certificate leaf = sign("", key, names.getNames()[0], root);
        out.onNext(
            IstioCertificateResponse.newBuilder()
                .addCertChain(pem(leaf))
                .addCertChain(pem(root))
                .build());
        out.onCompleted();
      } catch (Exception e) {
        out.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
      }
    }
  }

  private final class Discovery
      extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> out) {
      callers.add("ads " + CALLER.get());
      Session session = new Session(out);
      sessions.add(session);
      return session;
    }
  }

  private final class Session implements StreamObserver<DeltaDiscoveryRequest> {
    private final StreamObserver<DeltaDiscoveryResponse> out;

    Session(StreamObserver<DeltaDiscoveryResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(DeltaDiscoveryRequest request) {
      if (!request.getResponseNonce().isEmpty()) {
        answers.add(request);
        return;
      }
      Optional<XdsType> type = XdsType.ofUrl(request.getTypeUrl());
      synchronized (ControlPlane.this) {
        Map<String, Message> all = resources.getOrDefault(type.orElseThrow(), Map.of());
        Map<String, Message> found = new LinkedHashMap<>();
        if (type.get().wildcardByDefault()) {
          found.putAll(all);
        } else {
          request
              .getResourceNamesSubscribeList()
              .forEach(n -> Optional.ofNullable(all.get(n)).ifPresent(r -> found.put(n, r)));
        }
        push(type.get(), found);
      }
    }

    synchronized void push(XdsType type, Map<String, Message> changed) {
      DeltaDiscoveryResponse.Builder response =
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl(type.url())
              .setNonce(type + "-" + serial.incrementAndGet());
      changed.forEach(
          (name, message) ->
              response.addResources(
                  Resource.newBuilder()
                      .setName(name)
                      .setVersion("v" + version)
                      .setResource(
                          Any.newBuilder()
                              .setTypeUrl(type.url())
                              .setValue(message.toByteString()))));
      out.onNext(response.build());
    }

    @Override
    public void onError(Throwable error) {
      sessions.remove(this);
    }

    @Override
    public void onCompleted() {
      sessions.remove(this);
    }
  }

  private X509Certificate sign(
      String subject, PublicKey key, @Nullable GeneralName name, @Nullable X509Certificate issuer) {
    try {
      Instant now = Instant.now();
      Duration life = name == null ? Duration.ofDays(1) : certificateLife;
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer == null ? subject : "CN=root"),
              BigInteger.valueOf(System.nanoTime()),
              Date.from(now.minusSeconds(1)),
              Date.from(now.plus(life)),
              new X500Name(subject),
              key);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
      if (name != null) {
        builder.addExtension(
            Extension.subjectAlternativeName, subject.isEmpty(), new GeneralNames(name));
      }
      PrivateKey signer = keys.getPrivate();
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(X509Certificate certificate) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return text.toString();
  }
}
