package dev.weft.server.worker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * What a peer sends on its way into TLS: only whole records (RFC 8446, 5.1) go on, the beginning of
 * one waits here, in no more memory than it takes, and counts as held for the peer. During the
 * handshake everything counts that was received, because what the TLS library keeps of it cannot be
 * seen. Confined to its channel's loop.
 */
public final class TlsInput extends ChannelInboundHandlerAdapter implements PeerMemory.Holder {
  private static final int HEAD = 5;

  /** Of a record's content with the most that any version of TLS adds (RFC 5246, 6.2.3). */
  private static final int MOST = 16 * 1024 + 2048;

  private static final int SMALLEST = 64;
  private static final int FIRST_TYPE = 20;
  private static final int LAST_TYPE = 24;

  private final SslHandler tls;
  private final Runnable givesUp;
  private final PeerMemory.Share share;
  private @Nullable ByteBuf begun;
  private long passed;
  private boolean over;

  private TlsInput(PeerMemory memory, SslHandler tls, Runnable givesUp) {
    this.tls = tls;
    this.givesUp = givesUp;
    this.share = memory.share(this);
  }

  /**
   * Adds a TLS handler to a channel.
   *
   * @param memory where what waits here counts
   * @param givesUp ends the connection where peers make the loop hold too much
   */
  public static void add(PeerMemory memory, Channel channel, SslHandler tls, Runnable givesUp) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new TlsInput(memory, tls, givesUp));
    pipeline.addLast(tls);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (begun == null && records(in) == in.readableBytes()) {
      pass(context, in);
    } else {
      try {
        while (in.isReadable() && !over) {
          step(context, in);
        }
      } finally {
        in.release();
      }
    }
    share.changed();
  }

  /** Takes a part of what was received: what completes a record, or whole ones, or the rest. */
  private void step(ChannelHandlerContext context, ByteBuf in) {
    ByteBuf record = begun;
    int whole = record == null ? records(in) : 0;
    if (whole > 0) {
      pass(context, in.readRetainedSlice(whole));
      return;
    }
    int size = in.readableBytes();
    record = append(context, in, record == null ? size : Math.min(size, missing(record)));
    if (missing(record) == 0) {
      begun = null;
      pass(context, record);
    } else if (record.readableBytes() + missing(record) > HEAD + MOST) {
      end();
      context.close();
    }
  }

  /** Takes ownership. */
  private void pass(ChannelHandlerContext context, ByteBuf records) {
    passed += records.readableBytes();
    context.fireChannelRead(records);
    if (tls.handshakeFuture().isDone()) {
      share.moved();
    }
  }

  private static int missing(ByteBuf record) {
    int have = record.readableBytes();
    return have < HEAD ? HEAD - have : length(record, record.readerIndex()) - have;
  }

  /** With the head. What is no TLS is as long as there is of it: the TLS handler refuses it. */
  private static int length(ByteBuf in, int at) {
    int type = in.getUnsignedByte(at);
    if (type < FIRST_TYPE || type > LAST_TYPE) {
      return in.writerIndex() - at;
    }
    return HEAD + in.getUnsignedShort(at + 3);
  }

  /** How many bytes of whole records there are. */
  private static int records(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (at + HEAD <= end) {
      int length = length(in, at);
      if (at + length > end) {
        break;
      }
      at += length;
    }
    return at - in.readerIndex();
  }

  private ByteBuf append(ChannelHandlerContext context, ByteBuf in, int size) {
    ByteBuf record = begun;
    int have = record == null ? 0 : record.readableBytes();
    if (record == null || record.writableBytes() < size) {
      int room = Math.max(SMALLEST, Math.max(have + size, 2 * have));
      ByteBuf larger = context.alloc().directBuffer(room, room);
      if (record != null) {
        larger.writeBytes(record);
        record.release();
      }
      record = larger;
      begun = larger;
    }
    return record.writeBytes(in, size);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
  }

  private void end() {
    over = true;
    share.end();
    ByteBuf rest = begun;
    begun = null;
    if (rest != null) {
      rest.release();
    }
  }

  @Override
  public long held() {
    return (begun == null ? 0 : begun.capacity()) + (tls.handshakeFuture().isDone() ? 0 : passed);
  }

  @Override
  public void shed() {
    givesUp.run();
  }
}
