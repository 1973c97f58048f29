/** Why endpoints are where they are. */
@NullMarked
package dev.weft.cli.explain;

import org.jspecify.annotations.NullMarked;
