@NullMarked
package dev.weft.archtest;

import org.jspecify.annotations.NullMarked;
