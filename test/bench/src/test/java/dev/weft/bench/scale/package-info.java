/**
 * What a change costs the control plane, and how long it takes to reach proxies that are simulated:
 * {@code test/bench/scale.sh}. Three processes on loopback: the API servers ({@link
 * dev.weft.bench.scale.ClusterServers}), the control plane as users start it, and the driver with
 * the proxies ({@link dev.weft.bench.scale.Scale}).
 */
@NullMarked
package dev.weft.bench.scale;

import org.jspecify.annotations.NullMarked;
