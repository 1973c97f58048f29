package dev.weft.server.http;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.MessageHead;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Unframer;
import dev.weft.codec.Violation;
import dev.weft.exchange.Call;
import dev.weft.exchange.FieldList;
import dev.weft.routing.Balancer;
import dev.weft.server.worker.ClusterState;
import dev.weft.server.worker.UpstreamEndpoint;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of the proxy's own to an endpoint of a cluster, whose answer is collected. Hears of its
 * end once, unless it is cancelled before. Confined to its event loop.
 */
final class OwnCall extends OwnRequest {
  private static final HeadLimits LIMITS = new HeadLimits(1 << 20, 1000);
  private static final int MOST = 1 << 20;

  /** Where it goes, while that counts it. */
  private record Place(ClusterState cluster, UpstreamEndpoint endpoint) {}

  private final HttpPlan plan;
  private final Call call;
  private final Consumer<Call.Answer> done;
  private final RequestHead head = new RequestHead(LIMITS);
  private final Unframer unframer = new Unframer();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Place place;
  private FieldList headers = new FieldList(List.of());
  private FieldList trailers = new FieldList(List.of());
  private int status;
  private boolean again;

  OwnCall(Worker worker, HttpPlan plan, Call call, Consumer<Call.Answer> done) {
    super(worker);
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
      lost(e.violation().text(), false);
      return;
    }
    ClusterState state = worker.cluster(call.cluster());
    UpstreamEndpoint picked = state == null ? null : state.pick(Balancer.Wish.PLAIN);
    if (state == null || picked == null || !state.begin(picked)) {
      lost("no endpoint of " + call.cluster() + " takes requests", false);
      return;
    }
    Place to = new Place(state, picked);
    place = to;
    timer = worker.schedule(() -> lost("timeout", true), call.timeout().toNanos());
    connect(to, false);
  }

  private void connect(Place to, boolean fresh) {
    boolean http2 = call.http2() || Upstreams.http2(to.cluster().cluster(), head, false);
    connect(to.endpoint(), plan, http2, fresh);
  }

  @Override
  RequestHead head() {
    return head;
  }

  @Override
  void write(UpstreamLeg to) {
    HeadOverlay edits = worker.overlay();
    edits.reset();
    edits.removeHopByHop(head, false);
    boolean empty = call.body().length == 0;
    to.head(head, edits, "http", empty);
    if (!empty) {
      to.body(Unpooled.wrappedBuffer(call.body()), true);
    }
  }

  /** Nobody waits any more. */
  void cancel() {
    boolean unused = release();
  }

  private boolean release() {
    if (!end()) {
      return false;
    }
    Worker.cancel(timer);
    Place was = place;
    if (was != null) {
      was.cluster().end(was.endpoint());
      place = null;
    }
    return true;
  }

  @Override
  void complete() {
    if (release()) {
      done.accept(new Call.Answered(status, headers, body.toByteArray(), trailers));
    }
  }

  @Override
  void lost(String why, boolean byEndpoint) {
    Place to = place;
    if (byEndpoint && to != null) {
      to.cluster().failed(to.endpoint());
    }
    if (release()) {
      done.accept(new Call.Lost(why));
    }
  }

  @Override
  void broken(UpstreamLeg from, Loss loss) {
    Place to = place;
    // It closed an idle connection while the request was on its way.
    if (to != null && status == 0 && !again && (loss == Loss.REFUSED || from.stale())) {
      again = true;
      connect(to, true);
    } else {
      lost("the connection broke", true);
    }
  }

  @Override
  public boolean responseHead(UpstreamLeg from, ResponseHead response, boolean last) {
    Place to = place;
    if (to != null) {
      to.cluster().answered(to.endpoint(), response.status());
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
        lost("the answer is too long", false);
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
}
