package dev.weft.proxy.loop;

/** A TCP connection, opened or over. */
public interface ConnectionRecord extends TrafficRecord {
  /** The SNI of the client; empty where there is none. */
  String serverName();
}
