package dev.weft.console;

import dev.weft.console.api.Session.Role;

/**
 * Whoever makes a request, after their token was judged. Printing shows nothing of the token.
 *
 * @param token theirs, for what is asked of the config API in their name
 */
record Caller(String user, Role role, String token) {
  @Override
  public String toString() {
    return user + " (" + role + ")";
  }
}
