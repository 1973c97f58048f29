package dev.weft.runtime;

import dev.weft.xds.XdsType;

/**
 * Why a resource was not taken. The last good version of it stays in force.
 *
 * @param resource its name
 * @param field the path of the field that we do not accept
 * @param reason what is wrong and what would be accepted
 */
public record Rejection(XdsType type, String resource, String field, String reason) {
  @Override
  public String toString() {
    return type.shortName() + " " + resource + ": " + field + ": " + reason;
  }
}
