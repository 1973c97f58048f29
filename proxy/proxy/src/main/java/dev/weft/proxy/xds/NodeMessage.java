package dev.weft.proxy.xds;

import dev.weft.types.HopLabel;
import dev.weft.types.Locality;
import dev.weft.xds.OnDemand;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.ProtoWriter;

/** {@code envoy.config.core.v3.Node}. */
public final class NodeMessage {
  private NodeMessage() {}

  /** The encoded message. */
  public static byte[] of(ProxyEnvironment environment) {
    ProtoWriter out = new ProtoWriter();
    out.text(1, environment.nodeId());
    out.text(2, environment.nodeCluster());
    out.message(3, metadata -> ProtoStruct.write(metadata, environment.meta()));
    Locality locality = environment.locality();
    if (!locality.equals(Locality.UNKNOWN)) {
      out.message(
          4,
          l -> l.text(1, locality.region()).text(2, locality.zone()).text(3, locality.subzone()));
    }
    out.text(6, "weft");
    out.text(10, HopLabel.FEATURE);
    if (environment.onDemand()) {
      out.text(10, OnDemand.FEATURE);
    }
    return out.toBytes();
  }
}
