package dev.weft.exchange;

import dev.weft.access.AccessDecision;
import dev.weft.access.AccessFilter;
import dev.weft.access.AccessView;
import dev.weft.routing.RequestView;
import dev.weft.types.HopLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection as rules of access see it. Confined to its event loop. */
public class ConnectionAccess implements AccessView {
  private static final String BYTES = "tcp";

  private final DownstreamConnection connection;

  protected ConnectionAccess(DownstreamConnection connection) {
    this.connection = connection;
  }

  /** Why a connection may not come in, in Envoy's words; null where it may. */
  public static @Nullable String denial(
      DownstreamConnection connection, List<AccessFilter> filters, AccessCounter observer) {
    if (filters.isEmpty()) {
      return null;
    }
    AccessView view = new ConnectionAccess(connection);
    for (AccessFilter filter : filters) {
      AccessDecision decision = RulesFilter.decide(filter, view, observer, BYTES);
      if (!decision.allowed()) {
        return decision.details();
      }
    }
    return null;
  }

  @Override
  public @Nullable RequestView request() {
    return null;
  }

  @Override
  public List<String> peerNames() {
    PeerCertificate peer = connection.peer();
    return peer == null ? List.of() : peer.names();
  }

  @Override
  public byte[] directAddress() {
    return connection.sourceAddress();
  }

  @Override
  public byte[] clientAddress() {
    return connection.sourceAddress();
  }

  @Override
  public byte[] destinationAddress() {
    return connection.destinationAddress();
  }

  @Override
  public int destinationPort() {
    return connection.destinationPort();
  }

  /** Of the service: which endpoint of it the client named is nothing that users write. */
  @Override
  public String serverName() {
    return HopLabel.without(connection.serverName());
  }
}
