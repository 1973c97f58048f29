package dev.weft.lab.supervisor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a mesh lies over the clusters of a lab. */
public enum Model {
  /** Bare clusters, to install a mesh by hand. */
  NONE("--no-mesh"),
  /** The control plane lives outside all clusters, with a config API of its own. */
  HOSTED("--model hosted"),
  /** Every cluster has a control plane, which reads the others too. */
  MULTI_PRIMARY("--model multi-primary"),
  /** The first cluster has a control plane, which serves the others too. */
  PRIMARY_REMOTE("--model primary-remote");

  private static final String PREFIX = "--model ";

  private final String option;

  Model(String option) {
    this.option = option;
  }

  /** What people type to get it. */
  public String option() {
    return option;
  }

  /** The word for it; none for bare clusters. */
  public Optional<String> word() {
    return option.startsWith(PREFIX)
        ? Optional.of(option.substring(PREFIX.length()))
        : Optional.empty();
  }

  /** All words, in order. */
  public static List<String> words() {
    return Arrays.stream(values()).flatMap(m -> m.word().stream()).toList();
  }

  /** What a word stands for. */
  public static Optional<Model> of(String word) {
    return Arrays.stream(values())
        .filter(m -> m.word().filter(word::equals).isPresent())
        .findFirst();
  }

  /** Whether control planes run in clusters, where people install them. */
  boolean installed() {
    return switch (this) {
      case NONE, HOSTED -> false;
      case MULTI_PRIMARY, PRIMARY_REMOTE -> true;
    };
  }
}
