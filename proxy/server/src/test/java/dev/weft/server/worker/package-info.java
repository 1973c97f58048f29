@NullMarked
package dev.weft.server.worker;

import org.jspecify.annotations.NullMarked;
