@NullMarked
package dev.weft.lab.image;

import org.jspecify.annotations.NullMarked;
