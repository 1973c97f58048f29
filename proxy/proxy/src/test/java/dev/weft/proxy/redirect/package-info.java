@NullMarked
package dev.weft.proxy.redirect;

import org.jspecify.annotations.NullMarked;
