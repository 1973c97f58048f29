package dev.weft.snapshot;

import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;

/**
 * A cluster of the mesh.
 *
 * @param network its logical network: from its registration, else the label {@code
 *     topology.istio.io/network} of its namespace istio-system, else {@code meshNetworks}
 * @param message why it is in this state; empty where there is nothing to say
 * @param services how many Services it has
 * @param endpoints how many addresses its endpoint slices hold
 */
public record MemberCluster(
    ClusterId id,
    NetworkId network,
    CrossClusterProxy crossClusterProxy,
    SyncState state,
    String message,
    int services,
    int endpoints) {}
