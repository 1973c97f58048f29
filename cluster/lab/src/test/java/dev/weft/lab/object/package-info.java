@NullMarked
package dev.weft.lab.object;

import org.jspecify.annotations.NullMarked;
