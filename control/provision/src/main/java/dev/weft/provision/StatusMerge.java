package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes a status into an object: what others say about it stands beside. */
public final class StatusMerge {
  private static final String CONDITIONS = "conditions";
  private static final String SINCE = "lastTransitionTime";

  private StatusMerge() {}

  /**
   * The object with the status in it; equal to {@code there} where it says so already.
   *
   * @param status fields, and conditions without times; conditions of other types stay
   * @param now since when a condition holds that has another value now
   */
  public static ObjectNode into(ObjectNode there, ObjectNode status, Instant now) {
    ObjectNode changed = there.deepCopy();
    ObjectNode whole = changed.withObject("/status");
    ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
    whole.path(CONDITIONS).forEach(conditions::add);
    ObjectNode rest = status.deepCopy();
    rest.remove(CONDITIONS);
    whole.setAll(rest);
    for (JsonNode wanted : status.path(CONDITIONS)) {
      put(conditions, wanted.deepCopy(), now);
    }
    if (!conditions.isEmpty()) {
      whole.set(CONDITIONS, conditions);
    }
    return changed;
  }

  private static void put(ArrayNode conditions, ObjectNode wanted, Instant now) {
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (int i = 0; i < conditions.size(); i++) {
      JsonNode before = conditions.get(i);
      if (before.path("type").equals(wanted.path("type"))) {
        boolean same = before.path("status").equals(wanted.path("status"));
        conditions.set(i, wanted.put(SINCE, same ? before.path(SINCE).asText(since) : since));
        return;
      }
    }
    conditions.add(wanted.put(SINCE, since));
  }
}
