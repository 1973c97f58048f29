@NullMarked
package dev.weft.cli.topology;

import org.jspecify.annotations.NullMarked;
