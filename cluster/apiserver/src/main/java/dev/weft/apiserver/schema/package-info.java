/** The types that are served, and what fields their objects have. */
@NullMarked
package dev.weft.apiserver.schema;

import org.jspecify.annotations.NullMarked;
