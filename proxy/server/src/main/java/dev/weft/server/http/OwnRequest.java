package dev.weft.server.http;

import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Violation;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.UpstreamFailure;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A request that the proxy itself sends, over a connection as those of clients take. Confined to
 * its event loop.
 */
abstract class OwnRequest implements Taker, Caller {
  final Worker worker;
  private @Nullable UpstreamLeg leg;
  private boolean over;

  OwnRequest(Worker worker) {
    this.worker = worker;
  }

  abstract RequestHead head();

  /** Writes the request to a connection that is ready; it is flushed afterwards. */
  abstract void write(UpstreamLeg to);

  /** The answer is complete. */
  abstract void complete();

  /**
   * There will be no answer.
   *
   * @param byEndpoint whether that speaks against the endpoint
   */
  abstract void lost(String why, boolean byEndpoint);

  /**
   * Goes to an endpoint.
   *
   * @param fresh whether a connection that is there already does not do
   */
  final void connect(UpstreamEndpoint to, HttpPlan plan, boolean http2, boolean fresh) {
    ConnectionPool pool = to.pool(plan.transport(to.transport(), http2));
    UpstreamLeg ready = fresh ? null : plan.upstreams.ready(pool, http2);
    if (ready != null) {
      taken(ready);
    } else {
      plan.upstreams.connect(worker, pool, http2, head().authority(), this);
    }
  }

  /**
   * Nothing more is done for it, and a connection with half an answer is closed.
   *
   * @return false where that was so already
   */
  final boolean end() {
    if (over) {
      return false;
    }
    over = true;
    UpstreamLeg from = leg;
    if (from != null) {
      leg = null;
      from.abort();
    }
    return true;
  }

  @Override
  public final boolean gone() {
    return over;
  }

  @Override
  public final void taken(UpstreamLeg to) {
    leg = to;
    to.attach(this);
    write(to);
    to.flush();
  }

  @Override
  public final void full() {
    lost("overflow", false);
  }

  @Override
  public final void failed(UpstreamFailure failure) {
    lost(failure.reason(), true);
  }

  @Override
  public final boolean answersHead() {
    return head().isMethod("HEAD");
  }

  @Override
  public final boolean upgrades() {
    return false;
  }

  @Override
  public final void interim(ResponseHead response) {}

  @Override
  public final void responseEnd(UpstreamLeg from, boolean reusable) {
    if (leg == from) {
      leg = null;
      from.release(reusable);
      complete();
    }
  }

  @Override
  public final void flushDownstream() {}

  @Override
  public final void upstreamWritable() {}

  @Override
  public final void upstreamLost(UpstreamLeg from, Loss loss) {
    if (leg == from) {
      leg = null;
      broken(from, loss);
    }
  }

  /** Its connection is gone. */
  void broken(UpstreamLeg from, Loss loss) {
    lost("the connection broke", true);
  }

  @Override
  public final void badResponse(UpstreamLeg from, Violation violation) {
    lost(violation.text(), true);
  }

  @Override
  public final void upgraded(UpstreamLeg from) {
    lost("it upgrades, unasked", true);
  }

  @Override
  public final void tunnelled(ByteBuf part) {
    part.release();
  }

  @Override
  public final void serverEnds() {}

  @Override
  public final void shed() {
    lost("overload", false);
  }
}
