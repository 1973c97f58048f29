package dev.weft.proxy.xds;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the control plane's certificate: a path to one of the mesh's roots (RFC 5280), and the
 * expected DNS name. Without the platform's trust manager, which would load all public roots.
 */
final class ServerVerifier extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";

  private final List<X509Certificate> roots;
  private final String serverName;

  ServerVerifier(List<X509Certificate> roots, String serverName) {
    this.roots = List.copyOf(roots);
    this.serverName = serverName;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    List<X509Certificate> path = new ArrayList<>(List.of(chain));
    // A root that the server sends along is no part of the path.
    path.removeIf(roots::contains);
    if (path.isEmpty()) {
      throw new CertificateException("the server showed no certificate of its own");
    }
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(
          "the server's certificate does not lead to a root of the mesh: " + e.getMessage(), e);
    }
    X509Certificate leaf = path.getFirst();
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages != null && !usages.contains(SERVER_USAGE)) {
      throw new CertificateException("the server's certificate is not for servers");
    }
    if (!names(leaf).contains(serverName)) {
      throw new CertificateException(
          "the server's certificate is for " + names(leaf) + ", not for " + serverName);
    }
  }

  private static List<String> names(X509Certificate certificate) throws CertificateException {
    List<String> out = new ArrayList<>();
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (Integer.valueOf(DNS_NAME).equals(name.get(0))) {
          out.add(String.valueOf(name.get(1)));
        }
      }
    }
    return out;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("only servers are verified");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    throw new CertificateException("only servers are verified");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only servers are verified");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
