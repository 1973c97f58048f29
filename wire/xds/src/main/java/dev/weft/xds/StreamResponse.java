package dev.weft.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * One response: a {@link DeltaDiscoveryResponse} or, as state of the world, a {@link
 * io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse}. It is written by putting the bytes
 * of the resources, which all streams share, one behind the other.
 *
 * @param version of everything that the client holds of the type afterwards
 * @param resources what it carries, in the order of names: what changed or, as state of the world
 *     where the type demands it, every resource
 * @param removed names of what the client held, or asked for, and what there is not; not written as
 *     state of the world
 */
public record StreamResponse(
    StreamForm form,
    XdsType type,
    String nonce,
    String version,
    List<VersionedResource> resources,
    List<String> removed)
    implements StreamMessage {
  private static final int MAX_BUFFER_BYTES = 4096;

  public StreamResponse {
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }

  @Override
  public int size() {
    int size =
        CodedOutputStream.computeStringSize(
                DeltaDiscoveryResponse.SYSTEM_VERSION_INFO_FIELD_NUMBER, version)
            + CodedOutputStream.computeStringSize(
                DeltaDiscoveryResponse.TYPE_URL_FIELD_NUMBER, type.url())
            + CodedOutputStream.computeStringSize(DeltaDiscoveryResponse.NONCE_FIELD_NUMBER, nonce);
    for (VersionedResource resource : resources) {
      size += entry(resource).size();
    }
    for (String name : writtenRemovals()) {
      size +=
          CodedOutputStream.computeStringSize(
              DeltaDiscoveryResponse.REMOVED_RESOURCES_FIELD_NUMBER, name);
    }
    return size;
  }

  /**
   * Writes the message, in the order of fields. The two forms number those that they share alike.
   */
  @Override
  public void writeTo(OutputStream out) throws IOException {
    CodedOutputStream coded =
        CodedOutputStream.newInstance(out, Math.min(size(), MAX_BUFFER_BYTES));
    coded.writeString(DeltaDiscoveryResponse.SYSTEM_VERSION_INFO_FIELD_NUMBER, version);
    for (VersionedResource resource : resources) {
      coded.writeRawBytes(entry(resource));
    }
    coded.writeString(DeltaDiscoveryResponse.TYPE_URL_FIELD_NUMBER, type.url());
    coded.writeString(DeltaDiscoveryResponse.NONCE_FIELD_NUMBER, nonce);
    for (String name : writtenRemovals()) {
      coded.writeString(DeltaDiscoveryResponse.REMOVED_RESOURCES_FIELD_NUMBER, name);
    }
    coded.flush();
  }

  private ByteString entry(VersionedResource resource) {
    return switch (form) {
      case INCREMENTAL -> resource.deltaEntry();
      case STATE_OF_THE_WORLD -> resource.stateEntry();
    };
  }

  private List<String> writtenRemovals() {
    return switch (form) {
      case INCREMENTAL -> removed;
      case STATE_OF_THE_WORLD -> List.of();
    };
  }
}
