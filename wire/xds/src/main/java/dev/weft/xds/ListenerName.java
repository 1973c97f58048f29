package dev.weft.xds;

import java.util.Optional;

/** The name of a listener. */
public sealed interface ListenerName {
  String format();

  /** The two listeners that captured traffic arrives at. */
  enum Capture implements ListenerName {
    OUTBOUND("virtualOutbound"),
    INBOUND("virtualInbound");

    private final String value;

    Capture(String value) {
      this.value = value;
    }

    @Override
    public String format() {
      return value;
    }
  }

  /**
   * A listener for an address: {@code <address>_<port>}.
   *
   * @param address an IP address, {@code 0.0.0.0} for any
   */
  record Bound(String address, int port) implements ListenerName {
    @Override
    public String format() {
      return address + "_" + port;
    }
  }

  /**
   * A listener with sockets of its own for what comes to the workload: {@code
   * inbound_<address>_<port>}. Without the word, one for calls of the workload to its own address
   * could have the same name.
   */
  record Inbound(String address, int port) implements ListenerName {
    private static final String WORD = "inbound_";

    @Override
    public String format() {
      return WORD + address + "_" + port;
    }
  }

  /** Empty where the name does not follow the grammar. */
  static Optional<ListenerName> parse(String name) {
    for (Capture capture : Capture.values()) {
      if (capture.value.equals(name)) {
        return Optional.of(capture);
      }
    }
    int underscore = name.lastIndexOf('_');
    if (underscore <= 0) {
      return Optional.empty();
    }
    try {
      int port = Integer.parseInt(name.substring(underscore + 1));
      if (port < 1 || port > 65535) {
        return Optional.empty();
      }
      String address = name.substring(0, underscore);
      return Optional.of(
          address.startsWith(Inbound.WORD)
              ? new Inbound(address.substring(Inbound.WORD.length()), port)
              : new Bound(address, port));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
