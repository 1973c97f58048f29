package dev.weft.xds.client;

import java.util.List;

/** What a reader takes and does not act on, with the reason why that changes nothing. */
public sealed interface Ignored {
  /** The full name of the message. */
  String message();

  /** Some fields of a message. */
  record Fields(String message, List<Field> fields) implements Ignored {
    public Fields {
      fields = List.copyOf(fields);
    }

    public static Fields of(String message, Field... fields) {
      return new Fields(message, List.of(fields));
    }
  }

  /** A message with all that is in it. */
  record Whole(String message, String reason) implements Ignored {
    public Whole {
      check(reason);
    }
  }

  /**
   * A field.
   *
   * @param number on the wire
   */
  record Field(int number, String reason) {
    public Field {
      check(reason);
    }
  }

  private static void check(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("what is ignored has a reason");
    }
  }
}
