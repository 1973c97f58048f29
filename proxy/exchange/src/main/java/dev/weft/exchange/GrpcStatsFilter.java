package dev.weft.exchange;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Messages of gRPC calls are counted. */
record GrpcStatsFilter() implements Filter {
  @Override
  public boolean readsHeads() {
    return false;
  }

  @Override
  public Step head(Asked request) {
    return Step.GO_ON;
  }

  @Override
  public boolean readsBodies() {
    return true;
  }

  @Override
  public @Nullable BodyWatch watch(Asked request) {
    return request.overHttp2() && request.isGrpc() ? new Count() : null;
  }

  /** Counts the messages of one call. */
  private static final class Count implements BodyWatch {
    private final GrpcMessages sent = new GrpcMessages();
    private final GrpcMessages returned = new GrpcMessages();

    @Override
    public void request(ByteBuffer part) {
      sent.look(part);
    }

    @Override
    public void response(ByteBuffer part) {
      returned.look(part);
    }

    @Override
    public void end(Ended exchange) {
      exchange.messages(sent.count(), returned.count());
    }
  }
}
