package dev.weft.console.access;

import dev.weft.console.api.Session.Role;

/** What is to be thought of a token. */
public sealed interface Verdict {

  /** It is somebody's who may be here. */
  record Admitted(String user, Role role) implements Verdict {}

  /** It belongs to nobody: forged, expired, revoked. */
  record Unknown() implements Verdict {}

  /** It is somebody's who may see nothing of the mesh. */
  record Stranger(String user) implements Verdict {}

  /**
   * Nobody could be asked.
   *
   * @param why without anything of the token
   */
  record Unanswered(String why) implements Verdict {}
}
