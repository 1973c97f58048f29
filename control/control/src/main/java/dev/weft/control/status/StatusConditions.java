package dev.weft.control.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a member cluster: {@code Ready}, whether it is read, and {@code Provisioned},
 * whether it has got what the mesh keeps in it.
 */
record StatusConditions(List<Condition> conditions) {
  // What people read in a table; all of it is in the log.
  private static final int MAX = 3;

  /** One condition, without the time since when it is so. */
  record Condition(String type, boolean holds, String reason, String message) {}

  static StatusConditions of(Map<String, Object> status, List<String> refused) {
    String phase = text(status.get("phase"));
    return new StatusConditions(
        List.of(
            new Condition("Ready", phase.equals("Synced"), phase, text(status.get("message"))),
            new Condition(
                "Provisioned",
                refused.isEmpty(),
                refused.isEmpty() ? "AsWanted" : "Refused",
                summary(refused))));
  }

  /** What the status says in one line. */
  static String message(String ofState, List<String> refused) {
    if (refused.isEmpty()) {
      return ofState;
    }
    String provisioning = "not provisioned as wanted: " + summary(refused);
    return ofState.isEmpty() ? provisioning : ofState + "; " + provisioning;
  }

  private static String summary(List<String> refused) {
    String first = String.join("; ", refused.subList(0, Math.min(MAX, refused.size())));
    int more = refused.size() - MAX;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  /**
   * As trees; a condition that stays as it was keeps its time, and those of others stay.
   *
   * @param before the status that is there, null for none
   */
  List<Map<String, Object>> after(@Nullable Object before, Instant now) {
    List<Map<String, Object>> trees = new ArrayList<>();
    for (Condition condition : conditions) {
      String value = condition.holds() ? "True" : "False";
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("type", condition.type());
      tree.put("status", value);
      tree.put("reason", condition.reason());
      tree.put("message", condition.message());
      tree.put("lastTransitionTime", since(condition.type(), value, before, now));
      trees.add(tree);
    }
    if (before instanceof Map<?, ?> status && status.get("conditions") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> there
            && conditions.stream().noneMatch(c -> c.type().equals(there.get("type")))) {
          Map<String, Object> other = new LinkedHashMap<>();
          there.forEach((key, value) -> other.put(String.valueOf(key), value));
          trees.add(other);
        }
      }
    }
    return trees;
  }

  private static String since(String type, String value, @Nullable Object before, Instant now) {
    if (before instanceof Map<?, ?> status && status.get("conditions") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> condition
            && type.equals(condition.get("type"))
            && value.equals(condition.get("status"))
            && condition.get("lastTransitionTime") instanceof String time) {
          return time;
        }
      }
    }
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String text(@Nullable Object value) {
    return Objects.requireNonNullElse(value, "").toString();
  }
}
