/** Mistakes in configuration, found without a control plane, by the rules that it has itself. */
@NullMarked
package dev.weft.cli.analyze;

import org.jspecify.annotations.NullMarked;
