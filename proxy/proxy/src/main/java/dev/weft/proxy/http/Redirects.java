package dev.weft.proxy.http;

import dev.weft.routing.PathRewrite;
import dev.weft.routing.RouteAction;

/** Where a redirect points. */
final class Redirects {
  private Redirects() {}

  static String location(RouteAction.Redirect redirect, HeadView view) {
    String scheme = redirect.scheme() == null ? view.scheme().toString() : redirect.scheme();
    String authority = view.authority().toString();
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > 0 && authority.indexOf(']', colon) < 0;
    String host = hasPort ? authority.substring(0, colon) : authority;
    String port = hasPort ? authority.substring(colon + 1) : "";
    if (redirect.host() != null) {
      host = redirect.host();
      port = "";
    }
    if (redirect.port() != null) {
      port = Integer.toString(redirect.port());
    } else if (redirect.scheme() != null) {
      port = "";
    }
    if (port.equals(scheme.equals("https") ? "443" : "80")) {
      port = "";
    }
    String path =
        redirect.path() instanceof PathRewrite.Keep
            ? view.path().toString()
            : redirect.path().apply(view.path()).toString();
    if (redirect.stripQuery() && path.indexOf('?') >= 0) {
      path = path.substring(0, path.indexOf('?'));
    }
    return clean(scheme + "://" + host + (port.isEmpty() ? "" : ":" + port) + path);
  }

  /** What came from the client must not end the header line. */
  private static String clean(String location) {
    return location.replace("\r", "").replace("\n", "");
  }
}
