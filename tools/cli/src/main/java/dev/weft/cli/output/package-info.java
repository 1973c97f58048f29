/** Tables for people, JSON and YAML for programs. */
@NullMarked
package dev.weft.cli.output;

import org.jspecify.annotations.NullMarked;
