package dev.weft.apiserver;

/** Decides what an authenticated client may do. */
@FunctionalInterface
interface Authorizer {

  /** Lets everybody who is authenticated do everything. */
  Authorizer AUTHENTICATED = (who, action) -> !who.name().isEmpty();

  /**
   * What somebody wants to do.
   *
   * @param verb such as {@code get}, {@code deletecollection}
   * @param resource plural, "" for a path that is no resource
   * @param subresource "" for the object itself
   * @param path for what is no resource
   */
  record Action(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {}

  boolean allows(Identity who, Action action);
}
