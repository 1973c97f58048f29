package dev.weft.routing;

/** How the authority is changed on its way upstream. */
public sealed interface HostRewrite {
  HostRewrite KEEP = new Keep();

  /** Unchanged. */
  record Keep() implements HostRewrite {}

  /** This one. */
  record Literal(String authority) implements HostRewrite {}

  /** The host name of the endpoint that was picked, where it has one. */
  record Upstream() implements HostRewrite {}

  /** The value of a request header, lower case, where it is there. */
  record FromHeader(String name) implements HostRewrite {}
}
