package dev.weft.server;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.ResponseFlag;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.server.tls.TlsContexts;
import dev.weft.server.tls.TlsFailure;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.Waiting;
import dev.weft.server.worker.Worker;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a TLS handshake, then hands over to the chain's handler. Confined to its connection.
 */
final class Handshake extends ChannelInboundHandlerAdapter implements Waiting {
  private final AcceptedConnection front;
  private final Worker worker;
  private final DownstreamConnection accepted;
  private final FilterChain chain;
  private final DownstreamTls.Terminate tls;
  private final TlsContexts.Session session;
  private @Nullable ChannelHandlerContext added;

  Handshake(
      AcceptedConnection front,
      Worker worker,
      DownstreamConnection accepted,
      FilterChain chain,
      DownstreamTls.Terminate tls,
      TlsContexts.Session session) {
    this.front = front;
    this.worker = worker;
    this.accepted = accepted;
    this.chain = chain;
    this.tls = tls;
    this.session = session;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    added = context;
    worker.waits(this);
    accepted.servedBy(this::yieldPlace);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    worker.waitsNoMore(this);
  }

  @Override
  public DownstreamConnection connection() {
    return accepted;
  }

  @Override
  public void yieldPlace() {
    if (added != null) {
      front.refuse(added, accepted, ResponseFlag.OM, "overload");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        succeeded(context);
      } else {
        front.refuse(context, accepted, ResponseFlag.DPE, TlsFailure.of(completion.cause()));
      }
      return;
    }
    if (event instanceof ChannelInputShutdownEvent) {
      context.close();
    }
    context.fireUserEventTriggered(event);
  }

  private void succeeded(ChannelHandlerContext context) {
    PeerCertificate peer = session.peer();
    if (!expected(peer)) {
      front.refuse(context, accepted, ResponseFlag.DPE, TlsFailure.WRONG_NAME);
      return;
    }
    SSLSession secured = session.handler().engine().getSession();
    accepted.secured(peer, secured.getProtocol(), secured.getCipherSuite());
    boolean http2 = "h2".equals(session.handler().applicationProtocol());
    context
        .pipeline()
        .replace(this, null, AcceptedConnection.handler(worker, accepted, chain, http2));
  }

  private boolean expected(@Nullable PeerCertificate peer) {
    if (peer == null) {
      return !tls.requireClientCert();
    }
    return peer.matches(tls.trust().rules());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    context.close();
  }
}
