/**
 * What the size of the mesh costs a sidecar: {@code test/bench/demand.sh}. Two processes in a
 * network namespace of their own: the proxy as pods have it, and the driver ({@link
 * dev.weft.bench.demand.SidecarMemory}) with the discovery server, the certificate authority and
 * the applications.
 */
@NullMarked
package dev.weft.bench.demand;

import org.jspecify.annotations.NullMarked;
