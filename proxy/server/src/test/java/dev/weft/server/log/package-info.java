@NullMarked
package dev.weft.server.log;

import org.jspecify.annotations.NullMarked;
