package dev.weft.console;

/** Bytes that nobody changes any more. */
final class Bytes {
  private final byte[] array;

  /**
   * @param array not changed by whoever has it
   */
  Bytes(byte[] array) {
    this.array = array;
  }

  /** The bytes themselves, to be read alone. */
  byte[] array() {
    return array;
  }

  int length() {
    return array.length;
  }
}
