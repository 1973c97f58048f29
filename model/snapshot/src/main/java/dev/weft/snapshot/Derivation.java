package dev.weft.snapshot;

import dev.weft.config.ConfigSet;

/**
 * How a snapshot was made, for the next one.
 *
 * @param config what it was made of
 * @param shortOfVips whether services are without an address of the mesh because none was left
 */
record Derivation(
    ConfigSet config,
    Networks networks,
    Entries entries,
    Gateways.Found gateways,
    PodsByAddress pods,
    SliceIndex slices,
    boolean shortOfVips) {}
