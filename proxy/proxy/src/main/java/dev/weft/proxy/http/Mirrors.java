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
import io.netty.buffer.ByteBufAllocator;
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

  private final Received in;
  private final RequestEdits edits;
  private final ReplayBuffer body;

  Mirrors(Received in, RequestEdits edits, ReplayBuffer body) {
    this.in = in;
    this.edits = edits;
    this.body = body;
  }

  /** Sends the copies that the route asks for; the request is complete. */
  void send(RouteAction.Forward route) {
    if (!body.complete()) {
      return;
    }
    for (RouteAction.Mirror mirror : route.mirrors()) {
      if (mirror.fraction().selects(in.worker().random().nextLong())) {
        send(mirror);
      }
    }
  }

  private void send(RouteAction.Mirror mirror) {
    ClusterState cluster = in.worker().cluster(mirror.cluster());
    UpstreamEndpoint endpoint = cluster == null ? null : cluster.pick(Balancer.Wish.PLAIN);
    if (cluster == null || endpoint == null) {
      return;
    }
    boolean http2 = Upstreams.http2(cluster.cluster(), in.head(), false);
    ConnectionPool pool = endpoint.pool(in.plan().transport(endpoint.transport(), http2));
    Copy copy = new Copy();
    UpstreamLeg ready = Upstreams.ready(pool, http2);
    if (ready != null) {
      copy.taken(ready);
    } else {
      Upstreams.connect(in.worker(), pool, http2, in.head().authority(), copy);
    }
  }

  /** A request of its own, which outlives the one that it was made of. */
  private final class Copy implements Taker, Caller {
    private final Worker worker = in.worker();
    private final RequestHead head;
    private final CharSequence scheme;
    private final ByteBuf content;
    private final ScheduledFuture<?> timer;
    private @Nullable UpstreamLeg leg;
    private boolean over;

    Copy() {
      this.scheme = in.view().scheme();
      this.content = body.copy(ByteBufAllocator.DEFAULT);
      this.head = head(!content.isReadable());
      this.timer = worker.schedule(this::end, LIFE_NANOS);
    }

    private RequestHead head(boolean last) {
      HeadOverlay overlay = worker.overlay();
      edits.editShadow(overlay);
      ByteBuf text = Unpooled.buffer(overlay.bound(in.head()));
      overlay.writeTo(in.head(), text);
      RequestHead copy = new RequestHead(LIMITS);
      copy.parse(text.array(), text.readableBytes());
      if (in.head().isHttp2()) {
        copy.overHttp2(last);
      }
      return copy;
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
      boolean empty = !content.isReadable();
      to.head(head, nothing, scheme, empty);
      if (!empty) {
        to.body(content.retain(), true);
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
      content.release();
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
