package dev.weft.traffic;

import dev.weft.runtime.TlsSecret;
import dev.weft.server.Peer;
import dev.weft.server.tls.AnyPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client that begins TLS itself, and takes whatever certificate it is shown.
 *
 * @param version empty: any
 * @param cipher empty: any
 * @param certificate null: none is shown
 */
record TlsCall(
    String serverName, String version, String cipher, TlsSecret.@Nullable KeyPair certificate) {

  /** After the handshake. */
  Peer connect(InetSocketAddress address) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        certificate == null ? null : keys(certificate), new TrustManager[] {new AnyPeer()}, null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
    SSLParameters parameters = socket.getSSLParameters();
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    if (!version.isEmpty()) {
      parameters.setProtocols(new String[] {version});
    }
    if (!cipher.isEmpty()) {
      parameters.setCipherSuites(new String[] {cipher});
    }
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    socket.startHandshake();
    return new Peer(socket);
  }

  private static KeyManager[] keys(TlsSecret.KeyPair pair)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setKeyEntry(
        "client", pair.key(), new char[0], pair.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }
}
