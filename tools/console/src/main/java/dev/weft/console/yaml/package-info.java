/** YAML as people write it: trees, and where in the text each of their fields is. */
@NullMarked
package dev.weft.console.yaml;

import org.jspecify.annotations.NullMarked;
