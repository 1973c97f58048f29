package dev.weft.server.worker;

/** A TCP connection, opened or over. */
public interface ConnectionRecord extends TrafficRecord {
  /** The SNI of the client; empty where there is none. */
  String serverName();
}
