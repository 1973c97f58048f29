/** Metrics: one writer per counter, merged when somebody asks. */
@NullMarked
package dev.weft.proxy.stats;

import org.jspecify.annotations.NullMarked;
