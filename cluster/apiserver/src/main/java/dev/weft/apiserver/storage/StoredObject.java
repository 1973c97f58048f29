package dev.weft.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An object as it is stored.
 *
 * @param object never changed after construction; copy before handing out
 * @param version the resourceVersion that {@code object} carries
 */
public record StoredObject(ObjectKey key, ObjectNode object, long version) {}
