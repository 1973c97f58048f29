package dev.weft.dns;

import dev.weft.demand.Awaiting;
import dev.weft.demand.Demands;
import dev.weft.runtime.NameTable;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** Listens for queries on UDP and TCP. Confined to one loop, but for {@link #names}. */
public final class DnsProxy implements AutoCloseable {
  private static final int MAX_MESSAGE = 65_535;
  private static final int IDLE_SECONDS = 15;

  private final EventLoop loop;
  private final String domain;
  private final List<String> search;
  private final Demands demands;
  private final RandomGenerator random;
  private final DnsForwarder forwarder;
  private final Channel udp;
  private final Channel tcp;
  private final DnsCounters counters = new DnsCounters();
  private volatile DnsAnswerer answerer;

  private DnsProxy(
      EventLoop loop,
      String domain,
      List<String> search,
      List<InetSocketAddress> nameservers,
      Demands demands,
      RandomGenerator random,
      InetSocketAddress address) {
    this.loop = loop;
    this.demands = demands;
    this.domain = domain;
    this.search = search;
    this.random = random;
    this.forwarder = new DnsForwarder(loop, nameservers, random, counters);
    this.answerer = new DnsAnswerer(new MeshNames(NameTable.NONE, domain, search), demands, random);
    this.udp = bindUdp(address);
    this.tcp = bindTcp((InetSocketAddress) udp.localAddress());
  }

  /**
   * Listens.
   *
   * @param domain the pod's own ({@code default.svc.cluster.local})
   * @param nameservers asked for all other names
   * @param demands where names are asked for that are not in the table
   * @throws IllegalStateException where the address cannot be bound; the message names it
   */
  public static DnsProxy listen(
      EventLoop loop,
      InetSocketAddress address,
      String domain,
      List<String> search,
      List<InetSocketAddress> nameservers,
      Demands demands,
      RandomGenerator random) {
    return new DnsProxy(loop, domain, search, nameservers, demands, random, address);
  }

  /** The names to answer from now on. Any thread. */
  public void names(NameTable table) {
    answerer = new DnsAnswerer(new MeshNames(table, domain, search), demands, random);
  }

  /** What was counted. */
  public DnsCounters counters() {
    return counters;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) udp.localAddress();
  }

  private Channel bindUdp(InetSocketAddress address) {
    var bound =
        new Bootstrap()
            .group(loop)
            .channel(EpollDatagramChannel.class)
            .handler(new Datagrams())
            .bind(address)
            .awaitUninterruptibly();
    return channel(bound, address);
  }

  private Channel bindTcp(InetSocketAddress address) {
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accepted
                        .pipeline()
                        .addLast(
                            new ReadTimeoutHandler(IDLE_SECONDS),
                            new LengthFieldBasedFrameDecoder(MAX_MESSAGE + 2, 0, 2, 0, 2),
                            new Stream());
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    return channel(bound, address);
  }

  private static Channel channel(io.netty.channel.ChannelFuture bound, InetSocketAddress address) {
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "the DNS proxy cannot listen on " + address + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return bound.channel();
  }

  /** Where an answer goes. */
  private interface Reply {
    void send(byte[] message);

    /** To a query that was none. */
    void drop();
  }

  /**
   * Answers a query.
   *
   * @param mayAsk whether the control plane may be asked for names first
   */
  private void answer(byte[] query, boolean overUdp, boolean mayAsk, Reply reply) {
    switch (answerer.decide(query, overUdp, mayAsk)) {
      case DnsAnswerer.Decision.Answer answer -> reply.send(answer.message());
      case DnsAnswerer.Decision.Ask ask -> {
        Awaiting waiting =
            demands.await(ask.names(), loop, () -> answer(query, overUdp, false, reply));
        if (waiting == null) {
          answer(query, overUdp, false, reply);
        }
      }
      case DnsAnswerer.Decision.Forward forward ->
          forwarder.forward(
              forward.question(),
              overUdp,
              message -> {
                byte[] settled = forward.settled(message);
                reply.send(
                    overUdp && settled.length > forward.question().udpSize()
                        ? DnsMessages.truncated(forward.question())
                        : settled);
              });
      case DnsAnswerer.Decision.Drop drop -> reply.drop();
    }
  }

  private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      counters.request();
      byte[] query = ByteBufUtil.getBytes(packet.content());
      InetSocketAddress from = packet.sender();
      answer(
          query,
          true,
          true,
          new Reply() {
            @Override
            public void send(byte[] message) {
              context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), from));
            }

            @Override
            public void drop() {}
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A datagram that could not be sent is the client's to repeat.
    }
  }

  private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      counters.request();
      answer(
          ByteBufUtil.getBytes(message),
          false,
          true,
          new Reply() {
            @Override
            public void send(byte[] reply) {
              ByteBuf length = context.alloc().buffer(2).writeShort(reply.length);
              context.writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(reply)));
            }

            @Override
            public void drop() {
              context.close();
            }
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  @Override
  public void close() {
    udp.close();
    tcp.close();
    forwarder.close();
  }
}
