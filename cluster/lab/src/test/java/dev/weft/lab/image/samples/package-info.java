@NullMarked
package dev.weft.lab.image.samples;

import org.jspecify.annotations.NullMarked;
