package dev.weft.explain;

import java.util.Locale;

/** What a step of a story is about. */
public enum StepCode {
  /** The log line, and what it says became of the request. */
  LOGGED,
  /** The client. */
  CLIENT,
  /** The caller's proxy asks for what its pod calls, so a first call waits. */
  ON_DEMAND,
  /** The caller has no proxy. */
  NO_PROXY,
  /** What the host name stands for. */
  NAME,
  /** The name is none of the mesh's. */
  NAME_UNKNOWN,
  /** The proxy refused a part of its configuration. */
  REFUSED,
  LISTENER,
  /** Nothing listens. */
  NO_LISTENER,
  /**
   * The proxy waits for the caller's first bytes, though nothing in the mesh has the address, or
   * its port declares no protocol.
   */
  WAITS_FOR_CALLER,
  /** The connection is one of bytes. */
  BYTES,
  /** The path is spelled otherwise for routing. */
  CLEANED,
  VIRTUAL_HOST,
  /** A route of a VirtualService. */
  ROUTE,
  /** A route that nobody wrote. */
  DEFAULT_ROUTE,
  REDIRECT,
  DIRECT_RESPONSE,
  CORS,
  DELAY,
  ABORT,
  REWRITE_PATH,
  REWRITE_HOST,
  HEADERS,
  TIMEOUT,
  RETRIES,
  MIRROR,
  WEIGHTS,
  /** The cluster that is named is not there. */
  NO_CLUSTER,
  /** Passed on to where the caller wanted to go. */
  PASSTHROUGH,
  SERVICE,
  SUBSET,
  DESTINATION_RULE,
  /** Endpoints that the caller is not told of. */
  LEFT_OUT,
  LOCALITIES,
  PRIORITY,
  EJECTION,
  DIRECT,
  GATEWAY,
  MTLS,
  PLAIN,
  /** The server takes mutual TLS alone. */
  STRICT,
  /** What policies of access decide at servers. */
  ACCESS,
  NO_ENDPOINT;

  /** The word in stories. */
  public String text() {
    return word(this);
  }

  /** A constant as a word of stories. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
