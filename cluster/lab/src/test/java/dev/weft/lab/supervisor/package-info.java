@NullMarked
package dev.weft.lab.supervisor;

import org.jspecify.annotations.NullMarked;
