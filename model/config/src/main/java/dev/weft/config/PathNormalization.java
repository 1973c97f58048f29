package dev.weft.config;

/** How proxies clean the paths of requests before anything looks at them: Istio's words. */
public enum PathNormalization {
  NONE,
  /** Dot segments are followed, backslashes are slashes, no character is escaped without need. */
  BASE,
  /** The same, and several slashes are one. */
  MERGE_SLASHES,
  /** The same, and {@code %2F} and {@code %5C} are slashes, too. */
  DECODE_AND_MERGE_SLASHES
}
