package dev.weft.config;

import dev.weft.config.LabelSelector.Requirement;
import java.util.List;

/** Reads Kubernetes' {@code metav1.LabelSelector}. */
final class LabelSelectorParser {
  private LabelSelectorParser() {}

  static LabelSelector read(TreeReader r) {
    List<Requirement> expressions =
        r.objects(
            "matchExpressions",
            e -> {
              LabelSelector.Operator operator =
                  switch (e.string("operator")) {
                    case "In" -> LabelSelector.Operator.IN;
                    case "NotIn" -> LabelSelector.Operator.NOT_IN;
                    case "Exists" -> LabelSelector.Operator.EXISTS;
                    case "DoesNotExist" -> LabelSelector.Operator.DOES_NOT_EXIST;
                    default -> {
                      e.error("operator", "In, NotIn, Exists or DoesNotExist is needed");
                      yield null;
                    }
                  };
              String label = e.string("key");
              List<String> among = e.strings("values");
              return operator == null ? null : new Requirement(label, operator, among);
            });
    return new LabelSelector(r.stringMap("matchLabels"), expressions);
  }
}
