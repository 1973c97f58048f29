/** What users write, as validated values with diagnostics. */
@NullMarked
package dev.weft.config;

import org.jspecify.annotations.NullMarked;
