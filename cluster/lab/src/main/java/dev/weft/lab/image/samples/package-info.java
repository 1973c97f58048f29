/** Small servers that behave as the public samples of their names. */
@NullMarked
package dev.weft.lab.image.samples;

import org.jspecify.annotations.NullMarked;
