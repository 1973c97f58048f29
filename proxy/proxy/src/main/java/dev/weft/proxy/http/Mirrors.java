package dev.weft.proxy.http;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.ConnectionPool;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.proxy.loop.UpstreamFailure;
import dev.weft.proxy.loop.Worker;
import dev.weft.routing.Balancer;
import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Copies of requests to other clusters. Nobody waits for their responses, and their failures are
 * ignored. A body beyond the replay buffer is not copied.
 */
final class Mirrors {
  /** What was taken as a request is not too large for a copy. */
  private static final HeadLimits LIMITS = new HeadLimits(1 << 21, 1000);

  private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Mirrors() {}

  /** Sends the copies that the route asks for; the request is complete. */
  static void send(Exchange exchange, RouteAction.Forward route) {
    if (route.mirrors().isEmpty() || !exchange.body.complete()) {
      return;
    }
    for (RouteAction.Mirror mirror : route.mirrors()) {
      if (mirror.fraction().selects(exchange.worker.random().nextLong())) {
        send(exchange, mirror);
      }
    }
  }

  private static void send(Exchange exchange, RouteAction.Mirror mirror) {
    ClusterState cluster = exchange.worker.cluster(mirror.cluster());
    UpstreamEndpoint endpoint = cluster == null ? null : cluster.pick(Balancer.Wish.PLAIN);
    if (cluster == null || endpoint == null) {
      return;
    }
    boolean http2 = exchange.overHttp2(cluster);
    ConnectionPool pool = endpoint.pool(exchange.plan.transport(endpoint.transport(), http2));
    Copy copy = new Copy(exchange);
    UpstreamLeg ready = Upstreams.ready(pool, http2);
    if (ready != null) {
      copy.taken(ready);
    } else {
      Upstreams.connect(exchange.worker, pool, http2, exchange.head.authority(), copy);
    }
  }

  /** A request of its own, which outlives the one that it was made of. */
  private static final class Copy implements Upstreams.Taker, Caller {
    private final Worker worker;
    private final RequestHead head;
    private final CharSequence scheme;
    private final ByteBuf body;
    private final ScheduledFuture<?> timer;
    private @Nullable UpstreamLeg leg;
    private boolean over;

    Copy(Exchange exchange) {
      this.worker = exchange.worker;
      this.scheme = exchange.view.scheme();
      this.body = exchange.body.copy(exchange.connection.channel().alloc());
      this.head = head(exchange, !body.isReadable());
      this.timer = worker.schedule(this::end, LIFE_NANOS);
    }

    private static RequestHead head(Exchange exchange, boolean last) {
      HeadOverlay edits = exchange.worker.overlay();
      exchange.requestEdits.editShadow(edits);
      ByteBuf text = Unpooled.buffer(edits.bound(exchange.head));
      edits.writeTo(exchange.head, text);
      RequestHead head = new RequestHead(LIMITS);
      head.parse(text.array(), text.readableBytes());
      if (exchange.head.isHttp2()) {
        head.overHttp2(last);
      }
      return head;
    }

    @Override
    public boolean gone() {
      return over;
    }

    @Override
    public void taken(UpstreamLeg to) {
      leg = to;
      HeadOverlay nothing = worker.overlay();
      nothing.reset();
      to.attach(this);
      boolean empty = !body.isReadable();
      to.head(head, nothing, scheme, empty);
      if (!empty) {
        to.body(body.retain(), true);
      }
      to.flush();
    }

    @Override
    public void full() {
      end();
    }

    @Override
    public void failed(UpstreamFailure failure) {
      end();
    }

    private void end() {
      if (over) {
        return;
      }
      over = true;
      Worker.cancel(timer);
      body.release();
      UpstreamLeg from = leg;
      if (from != null) {
        leg = null;
        from.abort();
      }
    }

    @Override
    public boolean answersHead() {
      return head.isMethod("HEAD");
    }

    @Override
    public boolean upgrades() {
      return false;
    }

    @Override
    public void interim(ResponseHead response) {}

    @Override
    public boolean responseHead(UpstreamLeg from, ResponseHead response, boolean last) {
      return true;
    }

    @Override
    public void responseBody(ByteBuf part, boolean last) {
      part.release();
    }

    @Override
    public void responseTrailers(Trailers trailers) {}

    @Override
    public void responseEnd(UpstreamLeg from, boolean reusable) {
      leg = null;
      from.release(reusable);
      end();
    }

    @Override
    public void flushDownstream() {}

    @Override
    public void upstreamWritable() {}

    @Override
    public void upstreamLost(UpstreamLeg from, Loss loss) {
      leg = null;
      end();
    }

    @Override
    public void badResponse(UpstreamLeg from, Violation violation) {
      end();
    }

    @Override
    public void upgraded(UpstreamLeg from) {
      end();
    }

    @Override
    public void tunnelled(ByteBuf part) {
      part.release();
    }

    @Override
    public void serverEnds() {}

    @Override
    public void shed() {
      end();
    }
  }
}
