package dev.weft.server;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll handler, with sockets that nobody waits for left in the epoll set.
 *
 * <p>Netty 4.2.18 removes a socket from the set when nothing is asked of it (reading paused after
 * the peer ended its side), but does not remember that: the next request fails with ENOENT and the
 * connection breaks in the middle of its data. Here such a socket stays, edge-triggered and asked
 * for errors only, so that it wakes nobody up again and again.
 */
final class SteadyEpoll implements IoHandler {
  private static final EpollIoOps PARKED = EpollIoOps.EPOLLERR.with(EpollIoOps.EPOLLET);

  private final IoHandler epoll;

  private SteadyEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return executor -> new SteadyEpoll(factory.newHandler(executor));
  }

  private record Registration(IoRegistration registered) implements IoRegistration {
    @Override
    public <T> T attachment() {
      return registered.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      return registered.submit(ops.equals(EpollIoOps.NONE) ? PARKED : ops);
    }

    @Override
    public boolean isValid() {
      return registered.isValid();
    }

    @Override
    public boolean cancel() {
      return registered.cancel();
    }
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(epoll.register(handle));
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return epoll.isCompatible(type);
  }
}
