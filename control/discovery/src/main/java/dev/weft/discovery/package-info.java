/** Member clusters and their objects as config events. */
@NullMarked
package dev.weft.discovery;

import org.jspecify.annotations.NullMarked;
