@NullMarked
package dev.weft.cli.lab;

import org.jspecify.annotations.NullMarked;
