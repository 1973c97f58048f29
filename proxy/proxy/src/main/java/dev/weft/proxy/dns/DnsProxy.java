package dev.weft.proxy.dns;

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
      RandomGenerator random,
      InetSocketAddress address) {
    this.loop = loop;
    this.domain = domain;
    this.search = search;
    this.random = random;
    this.forwarder = new DnsForwarder(loop, nameservers, random, counters);
    this.answerer = new DnsAnswerer(new MeshNames(NameTable.NONE, domain, search), random);
    this.udp = bindUdp(address);
    this.tcp = bindTcp((InetSocketAddress) udp.localAddress());
  }

  /**
   * Listens.
   *
   * @param domain the pod's own ({@code default.svc.cluster.local})
   * @param nameservers asked for all other names
   * @throws IllegalStateException where the address cannot be bound; the message names it
   */
  public static DnsProxy listen(
      EventLoop loop,
      InetSocketAddress address,
      String domain,
      List<String> search,
      List<InetSocketAddress> nameservers,
      RandomGenerator random) {
    return new DnsProxy(loop, domain, search, nameservers, random, address);
  }

  /** The names to answer from now on. Any thread. */
  public void names(NameTable table) {
    answerer = new DnsAnswerer(new MeshNames(table, domain, search), random);
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

  private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      counters.request();
      InetSocketAddress from = packet.sender();
      switch (answerer.decide(ByteBufUtil.getBytes(packet.content()), true)) {
        case DnsAnswerer.Decision.Answer answer -> send(context, from, answer.message());
        case DnsAnswerer.Decision.Forward forward ->
            forwarder.forward(
                forward.question(),
                true,
                reply -> {
                  byte[] settled = forward.settled(reply);
                  send(
                      context,
                      from,
                      settled.length > forward.question().udpSize()
                          ? DnsMessages.truncated(forward.question())
                          : settled);
                });
        case DnsAnswerer.Decision.Drop drop -> {}
      }
    }

    private void send(ChannelHandlerContext context, InetSocketAddress to, byte[] message) {
      context.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), to));
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
      switch (answerer.decide(ByteBufUtil.getBytes(message), false)) {
        case DnsAnswerer.Decision.Answer answer -> send(context, answer.message());
        case DnsAnswerer.Decision.Forward forward ->
            forwarder.forward(
                forward.question(), false, reply -> send(context, forward.settled(reply)));
        case DnsAnswerer.Decision.Drop drop -> context.close();
      }
    }

    private void send(ChannelHandlerContext context, byte[] message) {
      ByteBuf length = context.alloc().buffer(2).writeShort(message.length);
      context.writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(message)));
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
