@NullMarked
package dev.weft.redirect;

import org.jspecify.annotations.NullMarked;
