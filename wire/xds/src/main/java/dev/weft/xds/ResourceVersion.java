package dev.weft.xds;

/**
 * A resource of some type, without its bytes: who remembers it does not keep those.
 *
 * @param version empty for one that is known not to exist
 */
record ResourceVersion(String name, String version) {}
