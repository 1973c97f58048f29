package dev.weft.exchange;

import dev.weft.routing.HeaderEdits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of an answer, as one of its filters sees it.
 *
 * @param edits of its head, one after the other
 * @param lines that its head gets after that, as they are
 * @param coder of its content, made for this answer alone; null where the content stays as it is
 */
public record Answering(List<HeaderEdits> edits, List<String> lines, @Nullable BodyCoder coder) {
  public static final Answering AS_IT_IS = new Answering(List.of(), List.of(), null);

  public Answering {
    edits = List.copyOf(edits);
    lines = List.copyOf(lines);
  }

  /** Another head, and the same content. */
  static Answering edited(List<HeaderEdits> edits) {
    return new Answering(edits, List.of(), null);
  }
}
