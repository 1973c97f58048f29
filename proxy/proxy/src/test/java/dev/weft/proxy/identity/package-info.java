@NullMarked
package dev.weft.proxy.identity;

import org.jspecify.annotations.NullMarked;
