package dev.weft.ca;

import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;

/**
 * Who speaks on a connection, after authentication.
 *
 * @param identity proven by a certificate of our own root or by a token review
 * @param cluster for a token, the cluster whose API server vouched for it; for a certificate, the
 *     cluster that it was issued to (the same identity may live in every member cluster)
 */
public record Caller(SpiffeId identity, ClusterId cluster) {
  @Override
  public String toString() {
    return identity + " of cluster " + cluster;
  }
}
