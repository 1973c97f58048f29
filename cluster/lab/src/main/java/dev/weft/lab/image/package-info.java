/** What image names stand for, and the programs that are built in. */
@NullMarked
package dev.weft.lab.image;

import org.jspecify.annotations.NullMarked;
