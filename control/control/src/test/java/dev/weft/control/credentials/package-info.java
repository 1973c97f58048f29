@NullMarked
package dev.weft.control.credentials;

import org.jspecify.annotations.NullMarked;
