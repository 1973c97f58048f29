package dev.weft.server.worker;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.runtime.FilterChain;
import dev.weft.server.log.LogField;
import dev.weft.server.log.LogText;
import dev.weft.types.HopLabel;

/** Values of log fields that belong to the client's connection. */
public final class ConnectionLog {
  private ConnectionLog() {}

  /** Writes a field; false where it has no value or is not one of a connection. */
  public static boolean write(DownstreamConnection connection, LogField field, LogText out) {
    return switch (field.kind()) {
      case DOWNSTREAM_LOCAL_ADDRESS -> out.textIfAny(connection.destinationText());
      case DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT ->
          out.textIfAny(DownstreamConnection.ip(connection.destination()));
      case DOWNSTREAM_LOCAL_PORT -> out.amount(connection.destination().getPort());
      case DOWNSTREAM_REMOTE_ADDRESS -> out.textIfAny(connection.remoteText());
      case DOWNSTREAM_REMOTE_PORT -> out.amount(connection.remote().getPort());
      case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT ->
          out.textIfAny(DownstreamConnection.ip(connection.remote()));
      case DOWNSTREAM_PEER_URI_SAN -> {
        PeerCertificate peer = connection.peer();
        yield peer != null && out.textIfAny(peer.uri());
      }
      case DOWNSTREAM_PEER_SUBJECT -> {
        PeerCertificate peer = connection.peer();
        yield peer != null && out.textIfAny(peer.subject());
      }
      case DOWNSTREAM_MUTUAL_TLS -> connection.peer() != null && out.textIfAny("true");
      case DOWNSTREAM_TLS_VERSION -> out.textIfAny(connection.tlsVersion());
      case DOWNSTREAM_TLS_CIPHER -> out.textIfAny(connection.tlsCipher());
      // Which endpoint a client of another network named is no part of the service's name.
      case REQUESTED_SERVER_NAME -> out.textIfAny(HopLabel.without(connection.serverName()));
      case FILTER_CHAIN_NAME -> {
        FilterChain chain = connection.chain();
        yield chain != null && out.textIfAny(chain.name());
      }
      case CONNECTION_ID -> out.amount(connection.id());
      default -> false;
    };
  }

  /** Writes a moment as ISO-8601 with milliseconds. */
  public static boolean time(long epochMillis, LogText out) {
    long days = Math.floorDiv(epochMillis, 86_400_000L);
    int ofDay = (int) Math.floorMod(epochMillis, 86_400_000L);
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days.
    long z = days + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    long doe = z - era * 146_097;
    long yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    int day = (int) (doy - (153 * mp + 2) / 5 + 1);
    int month = (int) (mp < 10 ? mp + 3 : mp - 9);
    int year = (int) (yoe + era * 400 + (month <= 2 ? 1 : 0));
    out.digits(year, 4);
    out.character('-');
    out.digits(month, 2);
    out.character('-');
    out.digits(day, 2);
    out.character('T');
    out.digits(ofDay / 3_600_000, 2);
    out.character(':');
    out.digits(ofDay / 60_000 % 60, 2);
    out.character(':');
    out.digits(ofDay / 1000 % 60, 2);
    out.character('.');
    out.digits(ofDay % 1000, 3);
    out.character('Z');
    return true;
  }
}
