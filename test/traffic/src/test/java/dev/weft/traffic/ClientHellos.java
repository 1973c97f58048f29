package dev.weft.traffic;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** First messages of TLS. */
final class ClientHellos {
  private ClientHellos() {}

  /** The first message of a client that asks for a server. */
  static byte[] naming(String server) {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(server)));
      engine.setSSLParameters(parameters);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      byte[] hello = new byte[out.position()];
      out.flip().get(hello);
      return hello;
    } catch (NoSuchAlgorithmException | SSLException e) {
      throw new IllegalStateException(e);
    }
  }
}
