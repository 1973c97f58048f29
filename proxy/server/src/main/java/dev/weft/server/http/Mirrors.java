package dev.weft.server.http;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.routing.Balancer;
import dev.weft.routing.RouteAction;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

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
    new Copy().connect(endpoint, in.plan(), http2, false);
  }

  /** A request of its own, which outlives the one that it was made of. */
  private final class Copy extends OwnRequest {
    private final RequestHead head;
    private final CharSequence scheme;
    private final ByteBuf content;
    private final ScheduledFuture<?> timer;

    Copy() {
      super(in.worker());
      this.scheme = in.view().scheme();
      this.content = body.copy(ByteBufAllocator.DEFAULT);
      this.head = head(!content.isReadable());
      this.timer = worker.schedule(this::complete, LIFE_NANOS);
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
    RequestHead head() {
      return head;
    }

    @Override
    void write(UpstreamLeg to) {
      HeadOverlay nothing = worker.overlay();
      nothing.reset();
      boolean empty = !content.isReadable();
      to.head(head, nothing, scheme, empty);
      if (!empty) {
        to.body(content.retain(), true);
      }
    }

    @Override
    void complete() {
      if (end()) {
        Worker.cancel(timer);
        content.release();
      }
    }

    @Override
    void lost(String why, boolean byEndpoint) {
      complete();
    }

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
  }
}
