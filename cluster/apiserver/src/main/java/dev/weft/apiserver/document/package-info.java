/** Objects as JSON trees, the syntax of names in them, and the errors that name their fields. */
@NullMarked
package dev.weft.apiserver.document;

import org.jspecify.annotations.NullMarked;
