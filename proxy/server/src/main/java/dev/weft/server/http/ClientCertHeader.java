package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.exchange.PeerCertificate;
import dev.weft.runtime.HttpPipeline.ForwardClientCert;
import org.jspecify.annotations.Nullable;

/**
 * {@code x-forwarded-client-cert}: what the next hop learns of the client's certificate. Confined
 * to its exchange.
 */
final class ClientCertHeader {
  private final Received in;
  // The same for all requests of the connection.
  private @Nullable String own;

  ClientCertHeader(Received in) {
    this.in = in;
  }

  void edit(HeadOverlay overlay) {
    ForwardClientCert rules = in.plan().pipeline.forwardClientCert();
    PeerCertificate peer = in.connection().peer();
    switch (rules.mode()) {
      case ALWAYS_FORWARD_ONLY -> {}
      case SANITIZE -> overlay.remove(in.head(), KnownHeader.X_FORWARDED_CLIENT_CERT);
      case FORWARD_ONLY -> {
        if (peer == null) {
          overlay.remove(in.head(), KnownHeader.X_FORWARDED_CLIENT_CERT);
        }
      }
      case SANITIZE_SET, APPEND_FORWARD -> {
        // Without mutual TLS nobody vouches for what the client claims.
        String before = in.head().value("x-forwarded-client-cert");
        overlay.remove(in.head(), KnownHeader.X_FORWARDED_CLIENT_CERT);
        if (peer != null) {
          String element = element(rules, peer);
          boolean append = rules.mode() == ForwardClientCert.Mode.APPEND_FORWARD && before != null;
          overlay.add("x-forwarded-client-cert", append ? before + "," + element : element);
        }
      }
    }
  }

  private String element(ForwardClientCert rules, PeerCertificate peer) {
    String known = own;
    if (known == null) {
      known = describe(rules, peer);
      own = known;
    }
    return known;
  }

  private String describe(ForwardClientCert rules, PeerCertificate peer) {
    StringBuilder out = new StringBuilder(256);
    String by = in.worker().workload().localUri();
    if (!by.isEmpty()) {
      out.append("By=").append(by).append(';');
    }
    out.append("Hash=").append(peer.hash());
    if (rules.cert()) {
      out.append(";Cert=\"").append(peer.pem()).append('"');
    }
    if (rules.subject()) {
      out.append(";Subject=\"").append(peer.subject().replace("\"", "\\\"")).append('"');
    }
    if (rules.uri()) {
      for (String uri : peer.uris()) {
        out.append(";URI=").append(uri);
      }
      if (peer.uris().isEmpty()) {
        out.append(";URI=");
      }
    }
    if (rules.dns()) {
      for (String dns : peer.dns()) {
        out.append(";DNS=").append(dns);
      }
    }
    return out.toString();
  }
}
