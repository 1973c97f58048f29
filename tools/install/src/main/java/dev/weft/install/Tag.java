package dev.weft.install;

import java.util.TreeSet;

/**
 * A further name of a revision, by which namespaces ask for its proxies.
 *
 * @param namespaces that ask for it
 */
public record Tag(String name, String revision, TreeSet<String> namespaces) {}
