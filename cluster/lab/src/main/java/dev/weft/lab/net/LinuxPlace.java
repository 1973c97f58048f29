package dev.weft.lab.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A named network namespace; only the creation of a socket has to happen inside it. */
record LinuxPlace(String namespace) implements Place {

  @Override
  public List<String> entering(List<String> command) {
    List<String> all = new ArrayList<>();
    all.add("nsenter");
    all.add("--net=" + NetworkNamespace.file(namespace));
    all.addAll(command);
    return all;
  }

  @Override
  public ServerSocketChannel listen(String address, int port) throws IOException {
    InetSocketAddress local = socketAddress(address, port);
    ServerSocketChannel channel =
        NetworkNamespace.call(
            namespace, () -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(local, 1024);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw describe("listen on", address, port, e);
    }
  }

  @Override
  public SocketChannel connect(String address, int port, int timeoutMillis) throws IOException {
    InetSocketAddress remote = socketAddress(address, port);
    SocketChannel channel =
        NetworkNamespace.call(namespace, () -> SocketChannel.open(StandardProtocolFamily.INET));
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(remote, timeoutMillis);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw describe("connect to", address, port, e);
    }
  }

  @Override
  public DatagramChannel bindUdp(String address, int port) throws IOException {
    InetSocketAddress local = socketAddress(address, port);
    DatagramChannel channel =
        NetworkNamespace.call(namespace, () -> DatagramChannel.open(StandardProtocolFamily.INET));
    try {
      channel.bind(local);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw describe("bind UDP", address, port, e);
    }
  }

  /** Never resolves a name: the host's resolver is not the namespace's. */
  private static InetSocketAddress socketAddress(String address, int port) throws IOException {
    int bits = Ipv4Range.address("address", address);
    byte[] bytes = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
  }

  /** Keeps the type, which callers tell refused from timed out by. */
  private IOException describe(String what, String address, int port, IOException cause) {
    String message =
        "Cannot "
            + what
            + " "
            + address
            + ":"
            + port
            + " in "
            + namespace
            + ": "
            + cause.getMessage();
    IOException described =
        switch (cause) {
          case java.net.SocketTimeoutException e -> new java.net.SocketTimeoutException(message);
          case java.net.ConnectException e -> new java.net.ConnectException(message);
          case java.net.BindException e -> new java.net.BindException(message);
          case java.net.NoRouteToHostException e -> new java.net.NoRouteToHostException(message);
          default -> new IOException(message);
        };
    described.initCause(cause);
    return described;
  }
}
