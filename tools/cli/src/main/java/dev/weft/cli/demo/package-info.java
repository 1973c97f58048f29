/** Short shows, made of the commands that people would type. */
@NullMarked
package dev.weft.cli.demo;

import org.jspecify.annotations.NullMarked;
