package dev.weft.console.api;

/**
 * An object somewhere in the mesh.
 *
 * @param namespace empty for objects without one
 * @param cluster empty for objects of the config API
 */
public record ObjectRef(String kind, String namespace, String name, String cluster) {}
