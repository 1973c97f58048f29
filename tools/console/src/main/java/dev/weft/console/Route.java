package dev.weft.console;

import io.helidon.http.Method;

/**
 * A place in the API.
 *
 * @param path below {@code /api/v1}
 * @param changes whether it is for those alone who may change something
 */
record Route(Method method, String path, boolean changes, Endpoint endpoint) {

  static Route get(String path, Endpoint endpoint) {
    return new Route(Method.GET, path, false, endpoint);
  }

  /** A question with a body: it changes nothing. */
  static Route ask(String path, Endpoint endpoint) {
    return new Route(Method.POST, path, false, endpoint);
  }

  static Route put(String path, Endpoint endpoint) {
    return new Route(Method.PUT, path, true, endpoint);
  }

  static Route delete(String path, Endpoint endpoint) {
    return new Route(Method.DELETE, path, true, endpoint);
  }
}
