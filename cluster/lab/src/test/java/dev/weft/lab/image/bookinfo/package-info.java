@NullMarked
package dev.weft.lab.image.bookinfo;

import org.jspecify.annotations.NullMarked;
