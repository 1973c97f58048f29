package dev.weft.exchange;

/** What became of a request at a limit of rates, as it is counted. */
public enum LimitOutcome {
  /** It was looked at. */
  ENABLED("enabled"),
  /** There was a token for it. */
  OK("ok"),
  /** There was none. */
  RATE_LIMITED("rate_limited"),
  /** There was none, and it was refused. */
  ENFORCED("enforced");

  private final String text;

  LimitOutcome(String text) {
    this.text = text;
  }

  /** The end of the name of Envoy's counter. */
  public String text() {
    return text;
  }
}
