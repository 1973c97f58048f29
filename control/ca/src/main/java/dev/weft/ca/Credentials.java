package dev.weft.ca;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller showed when it called.
 *
 * @param peerChain the client certificate that the TLS handshake accepted, leaf first; empty for
 *     none
 * @param token of the {@code authorization} header
 * @param cluster the {@code clusterid} header, empty where it was not sent
 */
public record Credentials(
    List<X509Certificate> peerChain, @Nullable BearerToken token, String cluster) {
  public Credentials {
    peerChain = List.copyOf(peerChain);
  }
}
