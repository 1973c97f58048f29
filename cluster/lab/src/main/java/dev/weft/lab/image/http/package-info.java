/** A small HTTP/1.1 server on blocking sockets for the sample programs; the JDK is all it needs. */
@NullMarked
package dev.weft.lab.image.http;

import org.jspecify.annotations.NullMarked;
