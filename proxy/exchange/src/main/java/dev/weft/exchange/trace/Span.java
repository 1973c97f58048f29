package dev.weft.exchange.trace;

import java.util.List;

/**
 * A request that is over, as a part of its trace.
 *
 * @param startMicros since 1970
 * @param status of the answer; 0 for none
 */
public record Span(
    TraceContext context,
    Kind kind,
    String name,
    long startMicros,
    long durationMicros,
    int status,
    List<Tag> tags) {
  private static final int OWN_BYTES = 160;
  private static final int TAG_BYTES = 16;

  public Span {
    tags = List.copyOf(tags);
  }

  /** Whose side of a call it is. */
  public enum Kind {
    CLIENT,
    SERVER
  }

  public record Tag(String name, String value) {}

  /** About how many bytes it has when it is sent. */
  public int bytes() {
    int bytes = OWN_BYTES + name.length() + context.state().length();
    for (Tag tag : tags) {
      bytes += TAG_BYTES + tag.name().length() + tag.value().length();
    }
    return bytes;
  }
}
