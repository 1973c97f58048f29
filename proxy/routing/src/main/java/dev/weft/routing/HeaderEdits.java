package dev.weft.routing;

import java.util.List;

/**
 * Changes to headers. Removals come first, then the others in order.
 *
 * @param remove lower-case names
 */
public record HeaderEdits(List<String> remove, List<Edit> edits) {
  public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of());

  public HeaderEdits {
    remove = List.copyOf(remove);
    edits = List.copyOf(edits);
  }

  /** What happens where the header is there already. */
  public enum Action {
    APPEND_IF_EXISTS_OR_ADD,
    ADD_IF_ABSENT,
    OVERWRITE_IF_EXISTS_OR_ADD,
    OVERWRITE_IF_EXISTS;

    /**
     * Whether something is done.
     *
     * @param exists whether the header is there
     */
    public boolean applies(boolean exists) {
      return switch (this) {
        case APPEND_IF_EXISTS_OR_ADD, OVERWRITE_IF_EXISTS_OR_ADD -> true;
        case ADD_IF_ABSENT -> !exists;
        case OVERWRITE_IF_EXISTS -> exists;
      };
    }
  }

  /**
   * One header.
   *
   * @param name lower case; {@code host} and {@code :authority} change the authority
   * @param value literal text, or with {@code %COMMAND%} operators, as in access logs
   */
  public record Edit(String name, String value, Action action, boolean keepEmpty) {
    /** Whether the value holds operators. */
    public boolean formatted() {
      return value.indexOf('%') >= 0;
    }
  }

  public boolean isEmpty() {
    return remove.isEmpty() && edits.isEmpty();
  }

  /** These edits, then the others. */
  public HeaderEdits then(HeaderEdits others) {
    if (others.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return others;
    }
    return new HeaderEdits(join(remove, others.remove), join(edits, others.edits));
  }

  private static <T> List<T> join(List<T> a, List<T> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }
}
