package dev.weft.console.api;

/**
 * An object of the config API.
 *
 * @param namespace empty for objects without one
 * @param created empty where it is not known
 * @param worst of its findings
 */
public record ConfigRow(
    String kind,
    String apiVersion,
    String namespace,
    String name,
    String created,
    int findings,
    Worst worst) {}
