package dev.weft.proxy.http;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.MessageHead;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.exchange.Call;
import dev.weft.exchange.FieldList;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.ConnectionPool;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.proxy.loop.UpstreamFailure;
import dev.weft.proxy.loop.Worker;
import dev.weft.routing.Balancer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of the proxy's own to an endpoint of a cluster, whose answer is collected. Hears of its
 * end once, unless it is cancelled before. Confined to its event loop.
 */
final class OwnCall implements Taker, Caller {
  private static final HeadLimits LIMITS = new HeadLimits(1 << 20, 1000);
  private static final int MOST = 1 << 20;

  private final Worker worker;
  private final HttpPlan plan;
  private final Call call;
  private final Consumer<Call.Answer> done;
  private final RequestHead head = new RequestHead(LIMITS);
  private final Unframer unframer = new Unframer();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable ClusterState cluster;
  private @Nullable UpstreamEndpoint endpoint;
  private @Nullable UpstreamLeg leg;
  private FieldList headers = new FieldList(List.of());
  private FieldList trailers = new FieldList(List.of());
  private int status;
  private boolean again;
  private boolean over;

  OwnCall(Worker worker, HttpPlan plan, Call call, Consumer<Call.Answer> done) {
    this.worker = worker;
    this.plan = plan;
    this.call = call;
    this.done = done;
  }

  void start() {
    byte[] bytes = call.head().getBytes(StandardCharsets.ISO_8859_1);
    try {
      if (!head.parse(bytes, bytes.length)) {
        throw new ProtocolException(Violation.TRUNCATED);
      }
    } catch (ProtocolException e) {
      end(new Call.Lost(e.violation().text()));
      return;
    }
    ClusterState state = worker.cluster(call.cluster());
    UpstreamEndpoint picked = state == null ? null : state.pick(Balancer.Wish.PLAIN);
    if (state == null || picked == null || !state.begin(picked)) {
      end(new Call.Lost("no endpoint of " + call.cluster() + " takes requests"));
      return;
    }
    cluster = state;
    endpoint = picked;
    timer =
        worker.schedule(
            () -> {
              if (cluster != null && endpoint != null) {
                cluster.failed(endpoint);
              }
              end(new Call.Lost("timeout"));
            },
            call.timeout().toNanos());
    connect(false);
  }

  /**
   * @param fresh whether a connection that is there already does not do
   */
  private void connect(boolean fresh) {
    UpstreamEndpoint to = Objects.requireNonNull(endpoint, "it was picked");
    boolean http2 = call.http2() || Upstreams.http2(to.cluster().cluster(), head, false);
    ConnectionPool pool = to.pool(plan.transport(to.transport(), http2));
    UpstreamLeg ready = fresh ? null : Upstreams.ready(pool, http2);
    if (ready != null) {
      taken(ready);
    } else {
      Upstreams.connect(worker, pool, http2, head.authority(), this);
    }
  }

  @Override
  public boolean gone() {
    return over;
  }

  @Override
  public void taken(UpstreamLeg to) {
    leg = to;
    HeadOverlay edits = worker.overlay();
    edits.reset();
    edits.removeHopByHop(head, false);
    to.attach(this);
    boolean empty = call.body().length == 0;
    to.head(head, edits, "http", empty);
    if (!empty) {
      to.body(Unpooled.wrappedBuffer(call.body()), true);
    }
    to.flush();
  }

  @Override
  public void full() {
    end(new Call.Lost("overflow"));
  }

  @Override
  public void failed(UpstreamFailure failure) {
    failed(failure.reason());
  }

  private void failed(String why) {
    if (cluster != null && endpoint != null) {
      cluster.failed(endpoint);
    }
    end(new Call.Lost(why));
  }

  /** Nobody waits any more. */
  void cancel() {
    if (!over) {
      over = true;
      release();
    }
  }

  private void end(Call.Answer answer) {
    if (!over) {
      over = true;
      release();
      done.accept(answer);
    }
  }

  private void release() {
    Worker.cancel(timer);
    UpstreamLeg from = leg;
    if (from != null) {
      leg = null;
      from.abort();
    }
    if (cluster != null && endpoint != null) {
      cluster.end(endpoint);
      cluster = null;
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
    if (cluster != null && endpoint != null) {
      cluster.answered(endpoint, response.status());
    }
    status = response.status();
    headers = fields(response);
    unframer.start(response, response.framingOf(answersHead()));
    return true;
  }

  private static FieldList fields(MessageHead head) {
    List<FieldList.Field> fields = new ArrayList<>(head.size());
    for (int i = 0; i < head.size(); i++) {
      fields.add(new FieldList.Field(head.name(i).toLowerCase(Locale.ROOT), head.value(i)));
    }
    return new FieldList(fields);
  }

  @Override
  public void responseBody(ByteBuf part, boolean last) {
    ByteBuf content = unframer.content(part, part.alloc());
    try {
      if (body.size() + content.readableBytes() > MOST) {
        end(new Call.Lost("the answer is too long"));
        return;
      }
      byte[] bytes = new byte[content.readableBytes()];
      content.readBytes(bytes);
      body.writeBytes(bytes);
    } finally {
      content.release();
    }
  }

  @Override
  public void responseTrailers(Trailers received) {
    trailers =
        new FieldList(
            received.fields().stream()
                .map(f -> new FieldList.Field(f.name().toLowerCase(Locale.ROOT), f.value()))
                .toList());
  }

  @Override
  public void responseEnd(UpstreamLeg from, boolean reusable) {
    leg = null;
    from.release(reusable);
    end(new Call.Answered(status, headers, body.toByteArray(), trailers));
  }

  @Override
  public void flushDownstream() {}

  @Override
  public void upstreamWritable() {}

  @Override
  public void upstreamLost(UpstreamLeg from, Loss loss) {
    if (leg != from) {
      return;
    }
    leg = null;
    // It closed an idle connection while the request was on its way.
    if (status == 0 && !again && (loss == Loss.REFUSED || from.stale())) {
      again = true;
      connect(true);
    } else {
      failed("the connection broke");
    }
  }

  @Override
  public void badResponse(UpstreamLeg from, Violation violation) {
    failed(violation.text());
  }

  @Override
  public void upgraded(UpstreamLeg from) {
    failed("it upgrades, unasked");
  }

  @Override
  public void tunnelled(ByteBuf part) {
    part.release();
  }

  @Override
  public void serverEnds() {}

  @Override
  public void shed() {
    end(new Call.Lost("overload"));
  }
}
