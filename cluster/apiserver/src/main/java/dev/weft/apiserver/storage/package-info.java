/**
 * What is kept: objects by type and key in SQLite, with versions, and the events of their changes.
 */
@NullMarked
package dev.weft.apiserver.storage;

import org.jspecify.annotations.NullMarked;
