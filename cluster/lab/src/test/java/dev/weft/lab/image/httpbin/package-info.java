@NullMarked
package dev.weft.lab.image.httpbin;

import org.jspecify.annotations.NullMarked;
