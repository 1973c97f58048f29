package dev.weft.proxy.loop;

import dev.weft.proxy.log.LogField;
import dev.weft.proxy.log.LogText;
import dev.weft.proxy.tls.PeerCertificate;

/** Values of log fields that belong to the client's connection. */
public final class ConnectionLog {
  private ConnectionLog() {}

  /** Writes a field; false where it has no value or is not one of a connection. */
  public static boolean write(DownstreamConnection connection, LogField field, LogText out) {
    return switch (field.kind()) {
      case DOWNSTREAM_LOCAL_ADDRESS -> text(connection.destinationText(), out);
      case DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT ->
          text(DownstreamConnection.ip(connection.destination()), out);
      case DOWNSTREAM_LOCAL_PORT -> number(connection.destination().getPort(), out);
      case DOWNSTREAM_REMOTE_ADDRESS -> text(connection.remoteText(), out);
      case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT ->
          text(DownstreamConnection.ip(connection.remote()), out);
      case DOWNSTREAM_PEER_URI_SAN -> {
        PeerCertificate peer = connection.peer();
        yield peer != null && text(peer.uri(), out);
      }
      case DOWNSTREAM_PEER_SUBJECT -> {
        PeerCertificate peer = connection.peer();
        yield peer != null && text(peer.subject(), out);
      }
      case DOWNSTREAM_TLS_VERSION -> text(connection.tlsVersion(), out);
      case DOWNSTREAM_TLS_CIPHER -> text(connection.tlsCipher(), out);
      case REQUESTED_SERVER_NAME -> text(connection.serverName(), out);
      case CONNECTION_ID -> number(connection.id(), out);
      default -> false;
    };
  }

  private static boolean number(long value, LogText out) {
    out.number(value);
    return true;
  }

  private static boolean text(String text, LogText out) {
    if (text.isEmpty()) {
      return false;
    }
    out.text(text);
    return true;
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
