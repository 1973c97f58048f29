package dev.weft.control.ads;

import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What any connected proxy refuses, as findings about the objects that it was made of. Thread-safe.
 *
 * <p>Says nothing of which proxies these are: a thousand that refuse the same are one piece of
 * news.
 */
final class RefusalBoard {
  /** Of the findings: what nobody reads to the end. */
  static final int MAX = 100;

  static final String CODE = "refused-by-proxy";

  private final Consumer<List<Diagnostic>> listener;
  // How many proxies refuse it.
  private final Map<RefusedPart, Integer> counts = new HashMap<>();

  /**
   * @param listener told all findings when they change; it must not block
   */
  RefusalBoard(Consumer<List<Diagnostic>> listener) {
    this.listener = listener;
  }

  /** One proxy's refusals are others now. */
  synchronized void change(List<RefusedPart> before, List<RefusedPart> after) {
    boolean changed = false;
    for (RefusedPart part : after) {
      changed |= counts.merge(part, 1, Integer::sum) == 1;
    }
    for (RefusedPart part : before) {
      changed |= gone(part);
    }
    if (changed) {
      listener.accept(
          counts.keySet().stream()
              .map(RefusalBoard::finding)
              .distinct()
              .sorted()
              .limit(MAX)
              .toList());
    }
  }

  /** Whether it was the last proxy that refused it. */
  private boolean gone(RefusedPart part) {
    int left = counts.getOrDefault(part, 0) - 1;
    if (left > 0) {
      counts.put(part, left);
      return false;
    }
    counts.remove(part);
    return true;
  }

  private static Diagnostic finding(RefusedPart part) {
    String where = part.field().isEmpty() ? "" : ", " + part.field();
    return Diagnostic.error(
        CODE,
        part.object().map(ObjectRef::toString).orElse("Resource " + part.subject()),
        "",
        "proxies refuse what was made of it ("
            + part.subject()
            + where
            + "): "
            + part.reason()
            + "; `weft proxy-status` shows which ones, and they go on with what they had before");
  }
}
