@NullMarked
package dev.weft.prometheus;

import org.jspecify.annotations.NullMarked;
