package dev.weft.control.status;

import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.ObjectRef;
import dev.weft.snapshot.FindingType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of one object of the config API, as its status says it: Istio's {@code IstioStatus}
 * (istio.io/api meta/v1alpha1), with a condition {@code Reconciled}.
 *
 * @param generation of the object that is judged
 * @param created when it was made, which tells it from an earlier one of the same name; {@link
 *     Instant#EPOCH} where unknown
 * @param findings the worst first
 * @param earlier whether an earlier version of the object is in force instead
 */
record ObjectVerdict(
    ObjectRef ref, long generation, Instant created, List<Diagnostic> findings, boolean earlier) {
  static final String CONDITION = "Reconciled";

  // What people read; all of it is at the debug port and in `weft analyze`.
  private static final int MAX_IN_MESSAGE = 10;
  private static final int MAX = 20;

  ObjectVerdict {
    findings = List.copyOf(findings);
  }

  /** Of every object that is in the config API. */
  static Map<ObjectRef, ObjectVerdict> all(ConfigSet config, List<Diagnostic> diagnostics) {
    Map<String, List<Diagnostic>> byObject =
        diagnostics.stream().collect(Collectors.groupingBy(Diagnostic::object));
    Map<ObjectRef, ObjectVerdict> verdicts = new LinkedHashMap<>();
    config
        .generations()
        .forEach(
            (ref, generation) -> {
              ConfigObject used = config.objects().get(ref);
              verdicts.put(
                  ref,
                  new ObjectVerdict(
                      ref,
                      generation,
                      used == null ? Instant.EPOCH : used.meta().created(),
                      byObject.getOrDefault(ref.toString(), List.of()),
                      used != null && used.meta().generation() != generation));
            });
    return verdicts;
  }

  private boolean reconciled() {
    return ref.kind().supported()
        && findings.stream().noneMatch(f -> f.severity() == Severity.ERROR);
  }

  /**
   * Whether a status says the same.
   *
   * @param status as the config API has it; null for none
   */
  boolean saidBy(@Nullable Object status) {
    return status instanceof Map<?, ?> said && timeless(said).equals(timeless(tree(null, NEVER)));
  }

  private static final Instant NEVER = Instant.EPOCH;

  /** What is ours of a status, without the times. */
  private static Map<String, Object> timeless(Map<?, ?> status) {
    Map<String, Object> ours = new LinkedHashMap<>();
    ours.put("generation", String.valueOf(status.get("observedGeneration")));
    ours.put("messages", status.get("validationMessages"));
    Map<String, Object> condition = new LinkedHashMap<>();
    condition(status).forEach((key, value) -> condition.put(String.valueOf(key), value));
    condition.remove("lastTransitionTime");
    condition.remove("lastProbeTime");
    ours.put("condition", condition);
    return ours;
  }

  /** The status, as a tree; a condition that stays as it was keeps its time. */
  Map<String, Object> tree(@Nullable Object before, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    String holds = reconciled() ? "True" : "False";
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", CONDITION);
    condition.put("status", holds);
    if (!findings.isEmpty()) {
      // The column that people see: the API server shows one value, so the codes are one.
      condition.put(
          "reason",
          findings.stream().map(Diagnostic::code).distinct().collect(Collectors.joining(",")));
    }
    condition.put("message", message());
    condition.put("lastTransitionTime", since(before, holds, time));
    condition.put("lastProbeTime", time);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("observedGeneration", generation);
    status.put("conditions", List.of(condition));
    if (!findings.isEmpty()) {
      status.put(
          "validationMessages", findings.stream().limit(MAX).map(ObjectVerdict::tree).toList());
    }
    return status;
  }

  private String message() {
    if (findings.isEmpty()) {
      return "in force";
    }
    List<String> sentences = new ArrayList<>();
    findings.stream().limit(MAX_IN_MESSAGE).map(ObjectVerdict::sentence).forEach(sentences::add);
    if (findings.size() > MAX_IN_MESSAGE) {
      sentences.add("and " + (findings.size() - MAX_IN_MESSAGE) + " more");
    }
    if (earlier) {
      sentences.add("what the object was before stays in force");
    }
    return String.join("; ", sentences);
  }

  private static String sentence(Diagnostic finding) {
    return "["
        + finding.code()
        + "] "
        + (finding.path().isEmpty() ? "" : finding.path() + ": ")
        + finding.message();
  }

  private static Map<String, Object> tree(Diagnostic finding) {
    FindingType type = FindingType.of(finding.code());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("type", Map.of("code", type.code(), "name", type.name()));
    tree.put(
        "level",
        switch (finding.severity()) {
          case ERROR -> "ERROR";
          case WARNING -> "WARNING";
          case NOTE -> "INFO";
        });
    type.documentation().ifPresent(url -> tree.put("documentationUrl", url));
    // No words: Istio's definitions have no field for them, and refuse to apply others.
    return tree;
  }

  private static String since(@Nullable Object before, String holds, String now) {
    return before instanceof Map<?, ?> status
            && holds.equals(condition(status).get("status"))
            && condition(status).get("lastTransitionTime") instanceof String time
        ? time
        : now;
  }

  private static Map<?, ?> condition(Map<?, ?> status) {
    if (status.get("conditions") instanceof List<?> conditions) {
      for (Object each : conditions) {
        if (each instanceof Map<?, ?> condition && CONDITION.equals(condition.get("type"))) {
          return condition;
        }
      }
    }
    return Map.of();
  }
}
