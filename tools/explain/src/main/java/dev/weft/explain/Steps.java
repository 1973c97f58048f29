package dev.weft.explain;

import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.RequestStory.Named;
import dev.weft.explain.RequestStory.Outcome;
import dev.weft.explain.RequestStory.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of one story as they are found. Confined to one telling. */
final class Steps {
  private final List<Step> steps = new ArrayList<>();

  /**
   * Adds one.
   *
   * @param args name, value, name, value …
   */
  void add(StepCode code, String text, Object... args) {
    add(code, null, text, args);
  }

  /** Adds one that an object is the reason of. */
  void add(StepCode code, @Nullable Named object, String text, Object... args) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      named.put(args[i].toString(), args[i + 1].toString());
    }
    steps.add(new Step(code.text(), Collections.unmodifiableMap(named), object, text));
  }

  List<Step> all() {
    return steps;
  }

  /** The end of a story whose request is sent nowhere. */
  static Outcome end(Ending kind, int status, String flags, String text) {
    return new Outcome(kind, status, flags, text);
  }
}
