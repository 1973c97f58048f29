package dev.weft.translate;

import dev.weft.config.Credential;

/**
 * What a Secret for TLS depends on.
 *
 * @param name of the resource
 */
record SecretInputs(String name, Credential credential) {}
