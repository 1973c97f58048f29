/** Commands about member clusters. */
@NullMarked
package dev.weft.cli.cluster;

import org.jspecify.annotations.NullMarked;
