/** Clusters that others read: remote secrets, and what became of them. */
@NullMarked
package dev.weft.cli.remote;

import org.jspecify.annotations.NullMarked;
