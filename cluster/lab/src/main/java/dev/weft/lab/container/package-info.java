/** Containers as processes: mounts, users, logs, exec, terminals. */
@NullMarked
package dev.weft.lab.container;

import org.jspecify.annotations.NullMarked;
