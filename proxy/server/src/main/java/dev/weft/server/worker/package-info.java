/** What belongs to one event loop: its configuration, clusters, connections, logs and counters. */
@NullMarked
package dev.weft.server.worker;

import org.jspecify.annotations.NullMarked;
