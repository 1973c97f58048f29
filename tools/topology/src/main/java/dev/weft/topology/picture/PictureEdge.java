package dev.weft.topology.picture;

import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.layout.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Traffic between two cards. Each request counts once: as its source counted it, else as its
 * destination did. Rates are per second, shares from 0 to 1.
 *
 * @param service the host name that was called; empty where it is several
 * @param gateway the address of the cross-cluster proxy, where the path is through one
 * @param rate requests, or connections of TCP
 * @param share of what the source sends to the service
 * @param failed of the rate: no response, the server's fault, or a gRPC status other than OK
 * @param noResponse of the rate
 * @param p50Millis null where the source of traffic knows no quantiles
 * @param sentBytes of TCP, towards the source
 * @param receivedBytes of TCP, from the source
 * @param mutualTls the share of it with both ends proven
 * @param clientRate as the source counted; null where it did not
 * @param serverRate as the destination counted; null where it did not
 * @param ghost whether it no longer flows, because one of its ends is a ghost
 * @param points from source to target, with the bends between
 */
public record PictureEdge(
    String id,
    String source,
    String target,
    String service,
    Flow.Protocol protocol,
    Edge.Path path,
    String gateway,
    double rate,
    double share,
    double failed,
    double noResponse,
    List<CodeRate> codes,
    double meanMillis,
    @Nullable Double p50Millis,
    @Nullable Double p95Millis,
    @Nullable Double p99Millis,
    double sentBytes,
    double receivedBytes,
    double mutualTls,
    @Nullable Double clientRate,
    @Nullable Double serverRate,
    Status status,
    boolean ghost,
    List<Point> points) {
  public PictureEdge {
    codes = List.copyOf(codes);
    points = List.copyOf(points);
  }
}
