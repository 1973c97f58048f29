@NullMarked
package dev.weft.lab.node;

import org.jspecify.annotations.NullMarked;
