@NullMarked
package dev.weft.lab.image.prometheus;

import org.jspecify.annotations.NullMarked;
