package dev.weft.exchange;

import dev.weft.access.AccessRules;

/** What a decision about access is counted as, with Istio's labels. */
public enum AccessOutcome {
  ALLOWED("authz_enforce_result=\"allowed\""),
  DENIED("authz_enforce_result=\"denied\""),
  TRIED_ALLOW_ALLOWED("authz_dry_run_action=\"allow\",authz_dry_run_result=\"allowed\""),
  TRIED_ALLOW_DENIED("authz_dry_run_action=\"allow\",authz_dry_run_result=\"denied\""),
  TRIED_DENY_ALLOWED("authz_dry_run_action=\"deny\",authz_dry_run_result=\"allowed\""),
  TRIED_DENY_DENIED("authz_dry_run_action=\"deny\",authz_dry_run_result=\"denied\"");

  private final String labels;

  AccessOutcome(String labels) {
    this.labels = labels;
  }

  public String labels() {
    return labels;
  }

  static AccessOutcome enforced(boolean allowed) {
    return allowed ? ALLOWED : DENIED;
  }

  /** Of rules that are only tried. */
  static AccessOutcome tried(AccessRules.Action action, boolean allowed) {
    return switch (action) {
      case ALLOW -> allowed ? TRIED_ALLOW_ALLOWED : TRIED_ALLOW_DENIED;
      case DENY, LOG -> allowed ? TRIED_DENY_ALLOWED : TRIED_DENY_DENIED;
    };
  }
}
