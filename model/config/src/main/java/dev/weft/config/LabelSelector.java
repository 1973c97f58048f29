package dev.weft.config;

import java.util.List;
import java.util.Map;

/**
 * Kubernetes' {@code metav1.LabelSelector}.
 *
 * @param labels that have to be there with these values
 * @param expressions all of which have to hold
 */
public record LabelSelector(Map<String, String> labels, List<Requirement> expressions) {
  public LabelSelector {
    labels = Copies.map(labels);
    expressions = List.copyOf(expressions);
  }

  /** What a requirement says about a label. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /** One requirement. */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }

    private boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  /** Whether there is neither a label nor an expression. */
  public boolean saysNothing() {
    return labels.isEmpty() && expressions.isEmpty();
  }

  /** A selector that says nothing matches nothing: in lists of exceptions it is a slip. */
  public boolean matches(Map<String, String> of) {
    return !saysNothing()
        && of.entrySet().containsAll(labels.entrySet())
        && expressions.stream().allMatch(e -> e.holds(of));
  }
}
