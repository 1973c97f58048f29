package dev.weft.xds;

/** The two forms of the aggregated discovery protocol. */
public enum StreamForm {
  /** A response says what changed and what is gone. */
  INCREMENTAL,
  /** A response has no way to say what is gone, see {@link XdsType#fullStateInSotw}. */
  STATE_OF_THE_WORLD
}
