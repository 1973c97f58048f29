package dev.weft.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks nameservers, one after the other: each query from a socket of its own (a fresh port, so that
 * answers cannot be guessed), with a fresh id. Confined to one loop.
 */
final class DnsForwarder {
  private static final int TRY_MILLIS = 2_500;
  private static final int MAX_PENDING = 1_000;
  private static final int MAX_MESSAGE = 65_535;

  /** What the largest EDNS size that we let through asks for. */
  private static final int MAX_UDP = 4_096;

  private final EventLoop loop;
  private final List<InetSocketAddress> nameservers;
  private final RandomGenerator random;
  private final DnsCounters counters;
  private final Set<Query> pending = new HashSet<>();

  DnsForwarder(
      EventLoop loop,
      List<InetSocketAddress> nameservers,
      RandomGenerator random,
      DnsCounters counters) {
    this.loop = loop;
    this.nameservers = List.copyOf(nameservers);
    this.random = random;
    this.counters = counters;
  }

  /**
   * Asks.
   *
   * @param reply gets the answer with the question's id, or SERVFAIL; called once, on the loop
   */
  void forward(DnsQuestion question, boolean udp, Consumer<byte[]> reply) {
    if (pending.size() >= MAX_PENDING || nameservers.isEmpty()) {
      counters.failure();
      reply.accept(DnsMessages.failure(question, DnsMessages.SERVFAIL));
      return;
    }
    List<InetSocketAddress> order = new ArrayList<>(nameservers);
    Collections.shuffle(order, java.util.Random.from(random));
    Query query = new Query(question, udp, reply, order);
    pending.add(query);
    query.next();
  }

  void close() {
    loop.execute(() -> List.copyOf(pending).forEach(Query::fail));
  }

  private final class Query {
    private final DnsQuestion question;
    private final boolean udp;
    private final Consumer<byte[]> reply;
    private final List<InetSocketAddress> left;
    private @Nullable Channel channel;
    private int attempt;
    private int id;
    private boolean over;

    Query(DnsQuestion question, boolean udp, Consumer<byte[]> reply, List<InetSocketAddress> left) {
      this.question = question;
      this.udp = udp;
      this.reply = reply;
      this.left = left;
    }

    void next() {
      closeChannel();
      if (left.isEmpty()) {
        fail();
        return;
      }
      counters.upstream();
      id = random.nextInt(1 << 16);
      byte[] message = question.message().clone();
      message[0] = (byte) (id >> 8);
      message[1] = (byte) id;
      ask(left.removeFirst(), message);
      int mine = ++attempt;
      loop.schedule(
          () -> {
            if (!over && attempt == mine) {
              next();
            }
          },
          TRY_MILLIS,
          TimeUnit.MILLISECONDS);
    }

    private void ask(InetSocketAddress server, byte[] message) {
      Bootstrap bootstrap = new Bootstrap().group(loop);
      if (udp) {
        bootstrap
            .channel(EpollDatagramChannel.class)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_UDP))
            .handler(
                new SimpleChannelInboundHandler<DatagramPacket>() {
                  @Override
                  protected void channelRead0(
                      ChannelHandlerContext context, DatagramPacket packet) {
                    answer(ByteBufUtil.getBytes(packet.content()));
                  }

                  @Override
                  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    next();
                  }
                });
      } else {
        bootstrap
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TRY_MILLIS)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connected) {
                    connected
                        .pipeline()
                        .addLast(
                            new LengthFieldBasedFrameDecoder(MAX_MESSAGE + 2, 0, 2, 0, 2),
                            new SimpleChannelInboundHandler<ByteBuf>() {
                              @Override
                              protected void channelRead0(
                                  ChannelHandlerContext context, ByteBuf reply) {
                                answer(ByteBufUtil.getBytes(reply));
                              }

                              @Override
                              public void exceptionCaught(
                                  ChannelHandlerContext context, Throwable cause) {
                                next();
                              }
                            });
                  }
                });
      }
      int mine = attempt + 1;
      var connecting = bootstrap.connect(server);
      channel = connecting.channel();
      connecting.addListener(
          done -> {
            if (over || attempt > mine) {
              return;
            }
            if (!done.isSuccess()) {
              next();
            } else if (udp) {
              connecting
                  .channel()
                  .writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), server));
            } else {
              ByteBuf length = Unpooled.buffer(2).writeShort(message.length);
              connecting
                  .channel()
                  .writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(message)));
            }
          });
    }

    private void answer(byte[] message) {
      boolean ours =
          message.length >= question.end()
              && DnsQuestion.number(message, 0) == id
              && (message[2] & 0x80) != 0
              && Arrays.equals(
                  message,
                  DnsQuestion.HEADER,
                  question.end(),
                  question.message(),
                  DnsQuestion.HEADER,
                  question.end());
      if (!ours || over) {
        return;
      }
      message[0] = (byte) (question.id() >> 8);
      message[1] = (byte) question.id();
      finish(message);
    }

    void fail() {
      if (!over) {
        counters.failure();
        finish(DnsMessages.failure(question, DnsMessages.SERVFAIL));
      }
    }

    private void finish(byte[] message) {
      over = true;
      pending.remove(this);
      closeChannel();
      reply.accept(message);
    }

    private void closeChannel() {
      Channel open = channel;
      channel = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
