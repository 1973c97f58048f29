@NullMarked
package dev.weft.proxy.log;

import org.jspecify.annotations.NullMarked;
