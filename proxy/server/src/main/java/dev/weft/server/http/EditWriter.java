package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.MessageHead;
import dev.weft.routing.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** Carries out header changes of the configuration. */
final class EditWriter {
  private EditWriter() {}

  /** Values of {@code %COMMAND%} operators. */
  interface Operators {
    String expand(String template);
  }

  /**
   * Applies edits to an overlay.
   *
   * @return a new authority, or null
   */
  static @Nullable String apply(
      HeaderEdits edits, MessageHead head, HeadOverlay overlay, Operators operators) {
    String authority = null;
    for (int i = 0; i < edits.remove().size(); i++) {
      overlay.drop(head, HttpPlan.ascii(edits.remove().get(i)));
    }
    for (int i = 0; i < edits.edits().size(); i++) {
      HeaderEdits.Edit edit = edits.edits().get(i);
      String value = edit.formatted() ? operators.expand(edit.value()) : edit.value();
      if (edit.name().equals(":authority") || edit.name().equals("host")) {
        authority = value;
        continue;
      }
      if (value.isEmpty() && !edit.keepEmpty()) {
        continue;
      }
      byte[] name = HttpPlan.ascii(edit.name());
      if (edit.action().applies(overlay.has(head, name))) {
        if (edit.action() != HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD) {
          overlay.drop(head, name);
        }
        overlay.add(edit.name(), value);
      }
    }
    return authority;
  }
}
