package dev.weft.lab.image.bookinfo;

import java.net.URI;
import java.util.Map;

/**
 * What the environment variables of the public sample say.
 *
 * @param variables of the process
 */
record Environment(Map<String, String> variables) {
  /** The port of every service of Bookinfo. */
  static final int PORT = 9080;

  Environment {
    variables = Map.copyOf(variables);
  }

  static Environment ofProcess() {
    return new Environment(System.getenv());
  }

  String get(String name, String otherwise) {
    return variables.getOrDefault(name, otherwise);
  }

  boolean on(String name) {
    return Boolean.parseBoolean(variables.get(name));
  }

  /** The name of the pod. */
  String pod() {
    return get("HOSTNAME", "");
  }

  /**
   * Where another service is: DETAILS_HOSTNAME, DETAILS_SERVICE_PORT and so on, within
   * SERVICES_DOMAIN. The port may be a number alone: Kubernetes itself sets variables of the form
   * {@code REVIEWS_PORT=tcp://…}, which is why that one is not looked at.
   */
  URI service(String name) {
    String upper = name.toUpperCase(java.util.Locale.ROOT);
    String domain = get("SERVICES_DOMAIN", "");
    String host = get(upper + "_HOSTNAME", name) + (domain.isEmpty() ? "" : "." + domain);
    return URI.create(
        "http://%s:%s".formatted(host, get(upper + "_SERVICE_PORT", String.valueOf(PORT))));
  }

  /** The port to listen on: the first argument, as the sample's programs have it. */
  static int port(String... arguments) {
    if (arguments.length == 0) {
      return PORT;
    }
    try {
      return Integer.parseInt(arguments[0]);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port \"" + arguments[0] + "\" is no number", e);
    }
  }
}
