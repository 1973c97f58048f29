@NullMarked
package dev.weft.proxy.dns;

import org.jspecify.annotations.NullMarked;
