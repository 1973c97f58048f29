@NullMarked
package dev.weft.xds.client;

import org.jspecify.annotations.NullMarked;
