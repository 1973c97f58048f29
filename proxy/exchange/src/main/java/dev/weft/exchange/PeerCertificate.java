package dev.weft.exchange;

import dev.weft.routing.StringMatch;
import dev.weft.runtime.PeerRules;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * What a verified certificate says about its holder.
 *
 * @param hash SHA-256 of the DER form, in hexadecimal digits
 * @param spki SHA-256 of the public key, base64
 * @param subject in the form of RFC 2253
 * @param pem the certificate, as a header can carry it: in percent-encoding
 */
public record PeerCertificate(
    List<String> uris, List<String> dns, String subject, String hash, String spki, String pem) {
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;
  private static final int IP_NAME = 7;

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  public PeerCertificate {
    uris = List.copyOf(uris);
    dns = List.copyOf(dns);
  }

  /** What a certificate says, which somebody else verified. */
  public static PeerCertificate of(X509Certificate certificate) throws CertificateException {
    List<String> uris = new ArrayList<>(1);
    List<String> dns = new ArrayList<>(0);
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> name : names) {
          int type = (Integer) name.get(0);
          if (type == URI_NAME) {
            uris.add((String) name.get(1));
          } else if (type == DNS_NAME || type == IP_NAME) {
            dns.add((String) name.get(1));
          }
        }
      }
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return new PeerCertificate(
          uris,
          dns,
          certificate.getSubjectX500Principal().getName(X500Principal.RFC2253),
          HexFormat.of().formatHex(sha256.digest(certificate.getEncoded())),
          Base64.getEncoder()
              .encodeToString(sha256.digest(certificate.getPublicKey().getEncoded())),
          pem(certificate.getEncoded()));
    } catch (CertificateParsingException e) {
      throw new CertificateException("subject alternative names cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Envoy: {@code urlEncodedPemEncodedPeerCertificate}. */
  private static String pem(byte[] certificate) {
    String text = LINES.encodeToString(certificate);
    return ("-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n")
        .replace("\n", "%0A")
        .replace(" ", "%20")
        .replace("+", "%2B")
        .replace("/", "%2F")
        .replace("=", "%3D");
  }

  /** The first URI name, normally the SPIFFE id; empty where there is none. */
  public String uri() {
    return uris.isEmpty() ? "" : uris.getFirst();
  }

  /** All names: URIs, then DNS names and addresses, then the subject. */
  public List<String> names() {
    List<String> names = new ArrayList<>(uris);
    names.addAll(dns);
    names.add(subject);
    return names;
  }

  /** Whether the certificate is for this host (RFC 6125: a wildcard stands for one label). */
  public boolean isFor(String host) {
    for (String name : dns) {
      boolean wildcard =
          name.startsWith("*.")
              && host.indexOf('.') > 0
              && name.substring(1).equalsIgnoreCase(host.substring(host.indexOf('.')));
      if (wildcard || name.equalsIgnoreCase(host)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is among the certificates that are wanted, and has a name that is. */
  public boolean matches(PeerRules rules) {
    boolean wanted =
        !rules.pinned() || rules.spki().contains(spki) || rules.hashes().contains(hash);
    return wanted && named(rules.subjectNames());
  }

  /** Whether one name matches one of these; no rule allows every name. */
  private boolean named(List<StringMatch> rules) {
    if (rules.isEmpty()) {
      return true;
    }
    for (StringMatch rule : rules) {
      for (String uri : uris) {
        if (rule.matches(uri)) {
          return true;
        }
      }
      for (String name : dns) {
        if (rule.matches(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
