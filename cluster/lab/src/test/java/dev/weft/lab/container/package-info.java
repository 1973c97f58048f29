@NullMarked
package dev.weft.lab.container;

import org.jspecify.annotations.NullMarked;
