@NullMarked
package dev.weft.e2e;

import org.jspecify.annotations.NullMarked;
