/** Parsers and writers of bytes without any I/O: HTTP/1, TLS client hello, DNS. */
@NullMarked
package dev.weft.codec;

import org.jspecify.annotations.NullMarked;
