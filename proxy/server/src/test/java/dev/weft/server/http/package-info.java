@NullMarked
package dev.weft.server.http;

import org.jspecify.annotations.NullMarked;
