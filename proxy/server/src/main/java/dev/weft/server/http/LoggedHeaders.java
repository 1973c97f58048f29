package dev.weft.server.http;

import dev.weft.codec.Decimal;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.server.log.LogText;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a request and its response as logs name them: with what was rewritten on the way, and
 * kept where the head itself is gone by then. Confined to its exchange.
 */
final class LoggedHeaders {
  private final Received in;
  private final Declared declared;
  private final ExchangeTrace trace;
  private final Map<String, String> captured = new HashMap<>(0);
  private final byte[] serviceTime = new byte[20];
  private int serviceTimeLength;
  private @Nullable String authority;
  private @Nullable String path;

  LoggedHeaders(Received in, Declared declared, ExchangeTrace trace) {
    this.in = in;
    this.declared = declared;
    this.trace = trace;
  }

  void reset() {
    serviceTimeLength = 0;
    authority = null;
    path = null;
    if (!captured.isEmpty()) {
      captured.clear();
    }
  }

  void authority(String rewritten) {
    authority = rewritten;
  }

  void path(String rewritten) {
    path = rewritten;
  }

  void serviceTime(byte[] bytes, int from, int to) {
    serviceTimeLength = Math.min(to - from, serviceTime.length);
    System.arraycopy(bytes, from, serviceTime, 0, serviceTimeLength);
  }

  void serviceTime(long millis) {
    serviceTimeLength = Decimal.write(serviceTime, 0, millis);
  }

  /** Keeps the headers of a response that logs ask for. */
  void capture(ResponseHead response) {
    if (!captured.isEmpty()) {
      captured.clear();
    }
    for (int i = 0; i < in.plan().loggedResponseHeaders.size(); i++) {
      String name = in.plan().loggedResponseHeaders.get(i);
      String value = response.value(name);
      if (value != null) {
        captured.put(name, value);
      }
    }
  }

  /** Appends a header of the request, whose head is complete; false where there is none. */
  boolean request(String name, LogText out) {
    RequestHead head = in.head();
    switch (name) {
      case ":method" -> out.bytes(head.bytes(), head.methodStart(), head.methodEnd());
      case ":path" -> {
        if (path != null) {
          out.text(path);
        } else {
          received(head, out);
        }
      }
      case "x-envoy-original-path" -> {
        int given = in.view().hidden(name) ? -1 : head.find(KnownHeader.X_ENVOY_ORIGINAL_PATH);
        if (path != null) {
          out.text(in.view().path().toString());
        } else if (given >= 0) {
          out.bytes(head.bytes(), head.valueStart(given), head.valueEnd(given));
        } else {
          return false;
        }
      }
      case ":authority", "host" -> {
        if (authority != null) {
          out.text(authority);
        } else if (head.authorityStart() >= 0) {
          out.bytes(head.bytes(), head.authorityStart(), head.authorityEnd());
        } else {
          return false;
        }
      }
      case ":scheme" -> out.text(in.view().scheme().toString());
      case "x-request-id" -> {
        byte[] own = declared.ownRequestId();
        if (own != null) {
          out.bytes(own, 0, own.length);
          return true;
        }
        return received(head, name, out);
      }
      default -> {
        String told = trace.header(name);
        return told == null ? received(head, name, out) : out.textIfAny(told);
      }
    }
    return true;
  }

  /** The path, without a String where its bytes are what was received. */
  private void received(RequestHead head, LogText out) {
    int start = head.pathStart();
    int end = head.pathEnd();
    if (in.view().normalized() != null || start == end || head.bytes()[start] == '?') {
      out.text(in.view().path().toString());
    } else {
      out.bytes(head.bytes(), start, end);
    }
  }

  private static boolean received(RequestHead head, String name, LogText out) {
    int index = head.find(name, 0);
    if (index >= 0) {
      out.bytes(head.bytes(), head.valueStart(index), head.valueEnd(index));
    }
    return index >= 0;
  }

  /** Appends a header of the response; false where there is none. */
  boolean response(String name, LogText out) {
    if (name.equals("x-envoy-upstream-service-time") && serviceTimeLength > 0) {
      out.bytes(serviceTime, 0, serviceTimeLength);
      return true;
    }
    String value = captured.get(name);
    return value != null && out.textIfAny(value);
  }
}
