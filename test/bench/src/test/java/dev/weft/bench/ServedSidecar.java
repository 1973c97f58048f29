package dev.weft.bench;

import dev.weft.translate.Changes;
import dev.weft.translate.ViewResources;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The server's side of a proxy that takes everything, without a socket. */
record ServedSidecar(ViewResources view, ServerStream stream) {
  private static final List<XdsType> TYPES =
      List.of(XdsType.CLUSTER, XdsType.ENDPOINT, XdsType.LISTENER, XdsType.ROUTE);

  /** One that has been sent everything. */
  static ServedSidecar connected(ViewResources view) {
    ServedSidecar sidecar = new ServedSidecar(view, new ServerStream(StreamForm.INCREMENTAL));
    sidecar.subscribe();
    // Endpoints of clusters that have just come are sent again.
    long unused = sidecar.push() + sidecar.push();
    return sidecar;
  }

  private void subscribe() {
    for (XdsType type : TYPES) {
      stream.on(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(type.url())
              .addAllResourceNamesSubscribe(
                  type.wildcardByDefault()
                      ? List.of()
                      : view.all(type).stream().map(VersionedResource::name).toList())
              .build());
    }
  }

  /**
   * Sends what has changed.
   *
   * @return bytes
   */
  long changed(Changes changes) {
    changes.names().forEach(stream::mayHaveChanged);
    return push();
  }

  private long push() {
    long bytes = 0;
    for (StreamResponse response : stream.push(view)) {
      bytes += write(response);
      stream.on(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.type().url())
              .setResponseNonce(response.nonce())
              .build());
    }
    return bytes;
  }

  private static long write(StreamResponse response) {
    try {
      response.writeTo(OutputStream.nullOutputStream());
      return response.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
