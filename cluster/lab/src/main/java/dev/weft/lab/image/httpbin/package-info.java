/** The sample program {@code httpbin}: it answers with what it was asked. */
@NullMarked
package dev.weft.lab.image.httpbin;

import org.jspecify.annotations.NullMarked;
