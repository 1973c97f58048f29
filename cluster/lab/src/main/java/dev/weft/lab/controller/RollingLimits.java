package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a rollout may leave the desired number of pods.
 *
 * @param recreate all old pods go before new ones come
 * @param surge pods above the desired number
 * @param unavailable pods that may be missing
 */
record RollingLimits(boolean recreate, int surge, int unavailable) {

  /** Percentages round up for the surge and down for the unavailable; one of both is at least 1. */
  static RollingLimits of(JsonNode strategy, int desired) {
    if (strategy.path("type").asText().equals("Recreate")) {
      return new RollingLimits(true, 0, desired);
    }
    JsonNode rolling = strategy.path("rollingUpdate");
    int surge = resolve(rolling.path("maxSurge"), desired, true);
    int unavailable = Math.min(desired, resolve(rolling.path("maxUnavailable"), desired, false));
    return new RollingLimits(false, surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
  }

  private static int resolve(JsonNode value, int total, boolean up) {
    if (value.isNumber()) {
      return value.asInt();
    }
    String text = value.asText("25%");
    if (!text.endsWith("%")) {
      return value.asInt(0);
    }
    int percent = Integer.parseInt(text.substring(0, text.length() - 1).trim());
    return up ? Math.ceilDiv(total * percent, 100) : total * percent / 100;
  }
}
