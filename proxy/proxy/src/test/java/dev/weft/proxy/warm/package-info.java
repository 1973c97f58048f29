@NullMarked
package dev.weft.proxy.warm;

import org.jspecify.annotations.NullMarked;
