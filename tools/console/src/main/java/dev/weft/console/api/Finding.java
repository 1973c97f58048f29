package dev.weft.console.api;

import dev.weft.topology.Severity;

/**
 * What is wrong with an object, or odd in it.
 *
 * @param code Istio's where its analyzers know the same mistake
 * @param type the same in words
 * @param path the field; empty where the whole object is meant
 * @param line in the object's YAML, from 1; 0 where it is not known
 * @param wayOut where more is said of what to do; empty where the message says it all
 */
public record Finding(
    String code,
    String type,
    Severity severity,
    ObjectRef object,
    String path,
    String message,
    int line,
    String wayOut) {}
