package dev.weft.install;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may happen to types that are there already. */
final class Versions {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9}).*");

  private Versions() {}

  /** What is done with a type. */
  sealed interface Decision {
    record Write() implements Decision {}

    /**
     * @param warning empty where the other's type has all that is needed
     */
    record Leave(Optional<String> warning) implements Decision {}

    record Refuse(String reason) implements Decision {}
  }

  static Decision decide(KubeObject wanted, Optional<KubeObject> there) {
    if (there.isEmpty()) {
      return new Decision.Write();
    }
    KubeObject old = there.get();
    if (!old.label(Marks.COMPONENT).equals(Marks.TYPES)) {
      return new Decision.Leave(missing(wanted, old));
    }
    String before = old.annotation(Marks.VERSION);
    String now = wanted.annotation(Marks.VERSION);
    if (newer(before, now)) {
      return new Decision.Refuse(
          wanted.name()
              + " is of version "
              + before
              + ", newer than "
              + now
              + ": use that version's weft, or later");
    }
    return new Decision.Write();
  }

  private static boolean newer(String one, String other) {
    Matcher a = NUMBERS.matcher(one);
    Matcher b = NUMBERS.matcher(other);
    if (!a.matches() || !b.matches()) {
      return false;
    }
    for (int i = 1; i <= 3; i++) {
      int order = Integer.compare(Integer.parseInt(a.group(i)), Integer.parseInt(b.group(i)));
      if (order != 0) {
        return order > 0;
      }
    }
    return false;
  }

  private static Optional<String> missing(KubeObject wanted, KubeObject there) {
    TreeSet<String> lacking = new TreeSet<>(served(wanted));
    lacking.removeAll(served(there));
    return lacking.isEmpty()
        ? Optional.empty()
        : Optional.of(
            wanted.name()
                + " belongs to another owner and does not serve "
                + String.join(", ", lacking)
                + ": have that owner update it, where you use such objects");
  }

  private static List<String> served(KubeObject type) {
    return Trees.list(Trees.at(type.body(), "spec", "versions")).stream()
        .map(Trees::map)
        .filter(v -> Boolean.TRUE.equals(v.get("served")))
        .map((Map<String, Object> v) -> Trees.text(v.get("name")))
        .toList();
  }
}
