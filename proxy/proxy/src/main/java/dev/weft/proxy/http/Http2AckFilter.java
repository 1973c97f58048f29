package dev.weft.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Takes the acknowledgement of our own SETTINGS out of the client's bytes, then leaves. Confined to
 * its event loop.
 */
final class Http2AckFilter extends ChannelInboundHandlerAdapter {
  private static final int SETTINGS = 4;

  /** Bytes that pass unseen: the preface first, later the payload of each frame. */
  private int skip = Http2Handover.PREFACE;

  private final byte[] head = new byte[Http2Handover.FRAME_HEAD];
  private int headLength;
  private boolean done;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    ByteBuf out = context.alloc().buffer(in.readableBytes() + head.length);
    while (in.isReadable() && !done) {
      if (skip > 0) {
        int size = Math.min(skip, in.readableBytes());
        out.writeBytes(in, size);
        skip -= size;
        continue;
      }
      head[headLength++] = in.readByte();
      if (headLength == head.length) {
        headLength = 0;
        skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        done = head[3] == SETTINGS && (head[4] & 1) != 0;
        if (!done) {
          out.writeBytes(head);
        }
      }
    }
    out.writeBytes(in);
    in.release();
    if (out.isReadable()) {
      context.fireChannelRead(out);
    } else {
      out.release();
    }
    if (done && !context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }
}
