package dev.weft.apiserver.http;

import dev.weft.apiserver.schema.KnownType;

/**
 * A path of a resource.
 *
 * @param name "" for the collection
 * @param part the sub-resource, "" for none
 */
public record Target(KnownType known, String namespace, String name, String part) {}
