package dev.weft.install;

/**
 * Something in an IstioOperator that is not as it should be.
 *
 * @param path of the field, from the top of the object
 */
public record Problem(String path, String message) {
  @Override
  public String toString() {
    return path + ": " + message;
  }
}
