@NullMarked
package dev.weft.lab.net;

import org.jspecify.annotations.NullMarked;
