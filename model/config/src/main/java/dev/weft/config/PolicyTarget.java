package dev.weft.config;

import java.util.Map;

/**
 * The workloads that a policy holds for.
 *
 * @param labels all of which a workload has; empty for every workload of the namespace, or of the
 *     mesh in the root namespace
 * @param elsewhere whether it is for objects of the Gateway API ({@code targetRefs}), of which
 *     there are none here
 */
public record PolicyTarget(Map<String, String> labels, boolean elsewhere) {
  /** Every workload in the scope of the object. */
  public static final PolicyTarget EVERY = new PolicyTarget(Map.of(), false);

  private static final Shape REFERENCE =
      Shape.Fields.of(
          Shape.field("group", Shape.TEXT),
          Shape.field("kind", Shape.TEXT),
          Shape.field("name", Shape.TEXT),
          Shape.field("namespace", Shape.TEXT));

  public PolicyTarget {
    labels = Copies.map(labels);
  }

  /** Whether a workload with these labels is meant. */
  public boolean selects(Map<String, String> workloadLabels) {
    return !elsewhere && workloadLabels.entrySet().containsAll(labels.entrySet());
  }

  static PolicyTarget read(TreeReader spec) {
    return read(spec, "selector", "matchLabels", "targetRef", "targetRefs");
  }

  /**
   * @param selector the field that has the labels, below {@code labels}
   * @param references fields that name objects of the Gateway API
   */
  static PolicyTarget read(TreeReader spec, String selector, String labels, String... references) {
    Map<String, String> written =
        NameChecks.workloads(spec, selector, labels, "it holds for the whole namespace");
    boolean elsewhere = false;
    for (String reference : references) {
      spec.unsupported(
          reference,
          reference.endsWith("s") ? new Shape.ListOf(REFERENCE) : REFERENCE,
          "the Gateway API is not read, so the object holds for nothing: select pods by "
              + selector
              + "."
              + labels);
      elsewhere |= spec.has(reference);
    }
    if (elsewhere && spec.has(selector)) {
      spec.error(selector, selector + " and targetRefs exclude each other: keep one");
    }
    return new PolicyTarget(written, elsewhere);
  }
}
