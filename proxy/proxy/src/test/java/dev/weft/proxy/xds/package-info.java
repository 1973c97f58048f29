@NullMarked
package dev.weft.proxy.xds;

import org.jspecify.annotations.NullMarked;
