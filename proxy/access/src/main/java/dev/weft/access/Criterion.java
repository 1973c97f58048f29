package dev.weft.access;

import dev.weft.routing.Cidr;
import dev.weft.routing.ClaimRule;
import dev.weft.routing.HeaderMatch;
import dev.weft.routing.RegexPattern;
import dev.weft.routing.RequestView;
import dev.weft.routing.StringMatch;
import java.util.List;

/**
 * What a rule asks of a request or a connection, be it who calls or what is asked for. What only
 * requests have does not match where bytes are passed on. Envoy: envoy.config.rbac.v3.Permission
 * and Principal.
 */
public sealed interface Criterion {
  boolean matches(AccessView view);

  /** Always fulfilled. */
  record Anything() implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return true;
    }
  }

  /** All of these. */
  record AllOf(List<Criterion> criteria) implements Criterion {
    public AllOf {
      criteria = List.copyOf(criteria);
    }

    @Override
    public boolean matches(AccessView view) {
      for (Criterion criterion : criteria) {
        if (!criterion.matches(view)) {
          return false;
        }
      }
      return true;
    }
  }

  /** One of these. */
  record OneOf(List<Criterion> criteria) implements Criterion {
    public OneOf {
      criteria = List.copyOf(criteria);
    }

    @Override
    public boolean matches(AccessView view) {
      for (Criterion criterion : criteria) {
        if (criterion.matches(view)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Not this. */
  record Not(Criterion criterion) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return !criterion.matches(view);
    }
  }

  /** A header of the request. */
  record Header(HeaderMatch match) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      RequestView request = view.request();
      return request != null && match.matches(request);
    }
  }

  /** The path without query string and fragment. */
  record Path(StringMatch match) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      RequestView request = view.request();
      return request != null && match.matches(path(request));
    }
  }

  /** A template of the path, as a regular expression. */
  record PathTemplate(RegexPattern pattern) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      RequestView request = view.request();
      return request != null && pattern.matches(path(request));
    }
  }

  private static CharSequence path(RequestView request) {
    CharSequence target = request.path();
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '?' || target.charAt(i) == '#') {
        return target.subSequence(0, i);
      }
    }
    return target;
  }

  /** Where the client wanted to go. */
  record Destination(Cidr range) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return range.contains(view.destinationAddress());
    }
  }

  /** A port that the client wanted to go to, from {@code first} to before {@code end}. */
  record Ports(int first, int end) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return view.destinationPort() >= first && view.destinationPort() < end;
    }
  }

  /** The server name that the client named in TLS. */
  record ServerName(StringMatch match) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return match.matches(view.serverName());
    }
  }

  /** A verified certificate. */
  record Authenticated() implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return !view.peerNames().isEmpty();
    }
  }

  /** A name of the peer's verified certificate. */
  record PeerName(StringMatch match) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      for (String name : view.peerNames()) {
        if (match.matches(name)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The peer of the connection. */
  record Peer(Cidr range) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return range.contains(view.directAddress());
    }
  }

  /** The client, as proxies in front of this one tell. */
  record Client(Cidr range) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      return range.contains(view.clientAddress());
    }
  }

  /** A claim of a verified token. */
  record Claim(ClaimRule rule) implements Criterion {
    @Override
    public boolean matches(AccessView view) {
      RequestView request = view.request();
      return request == null ? rule.match().matches(null) != rule.invert() : rule.matches(request);
    }
  }
}
