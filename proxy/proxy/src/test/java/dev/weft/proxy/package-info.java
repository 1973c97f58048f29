@NullMarked
package dev.weft.proxy;

import org.jspecify.annotations.NullMarked;
