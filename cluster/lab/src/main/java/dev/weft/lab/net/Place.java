package dev.weft.lab.net;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A network namespace of the lab: sockets opened here live there, whichever thread uses them. */
public interface Place {

  /** Its name, unique on the machine. */
  String namespace();

  /** The command that runs another one here. */
  List<String> entering(List<String> command);

  /** A listening socket. {@code address} "0.0.0.0" listens on all addresses of the namespace. */
  ServerSocketChannel listen(String address, int port) throws IOException;

  /** A connected, blocking socket. */
  SocketChannel connect(String address, int port, int timeoutMillis) throws IOException;

  /** A bound UDP socket. */
  DatagramChannel bindUdp(String address, int port) throws IOException;
}
