package dev.weft.access;

/**
 * Whether a call may come in.
 *
 * @param policy the name of the one that matched; empty where none did
 */
public record AccessDecision(boolean allowed, String policy) {
  /** Nobody asks. */
  public static final AccessDecision ALLOWED = new AccessDecision(true, "");

  /** Envoy's words for a denial, for logs. */
  public String details() {
    String matched = policy.isEmpty() ? "none" : policy.replaceAll("\\s", "_");
    return "rbac_access_denied_matched_policy[" + matched + "]";
  }
}
