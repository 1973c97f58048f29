@NullMarked
package dev.weft.proxy.loop;

import org.jspecify.annotations.NullMarked;
