@NullMarked
package dev.weft.install;

import org.jspecify.annotations.NullMarked;
