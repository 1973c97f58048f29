package dev.weft.exchange;

import java.util.List;

/** What an authorizer says of a request. */
sealed interface Verdict {
  /**
   * It may come in.
   *
   * @param set headers that take the place of those that it has
   * @param more headers that it gets as well
   * @param removed names of headers that it loses, in lower case
   * @param response headers that its answer gets
   */
  record Allowed(
      List<FieldList.Field> set,
      List<FieldList.Field> more,
      List<String> removed,
      List<FieldList.Field> response)
      implements Verdict {
    public Allowed {
      set = List.copyOf(set);
      more = List.copyOf(more);
      removed = List.copyOf(removed);
      response = List.copyOf(response);
    }
  }

  /** It may not; this is its answer. */
  record Denied(int status, List<FieldList.Field> headers, String body) implements Verdict {
    public Denied {
      headers = List.copyOf(headers);
    }
  }

  /** Nothing that could be understood. */
  record Failed() implements Verdict {}
}
