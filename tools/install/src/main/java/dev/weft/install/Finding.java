package dev.weft.install;

/**
 * Something that stands in the way of an installation, or that is good to know before it.
 *
 * @param error whether it stands in the way
 */
public record Finding(boolean error, String message) {
  static Finding error(String message) {
    return new Finding(true, message);
  }

  static Finding warning(String message) {
    return new Finding(false, message);
  }
}
