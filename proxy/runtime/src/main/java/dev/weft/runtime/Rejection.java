package dev.weft.runtime;

import dev.weft.xds.XdsType;

/**
 * Why a resource, or a part of one, was not taken. The last good version of it stays in force.
 *
 * @param resource its name
 * @param field the path of the field that we do not accept
 * @param reason what is wrong and what would be accepted
 * @param partly true: only what the field belongs to is left out, the rest of the resource is taken
 */
public record Rejection(
    XdsType type, String resource, String field, String reason, boolean partly) {
  @Override
  public String toString() {
    return type.shortName() + " " + resource + ": " + field + ": " + reason;
  }
}
