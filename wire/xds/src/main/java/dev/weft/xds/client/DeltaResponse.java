package dev.weft.xds.client;

import java.util.List;

/** A {@code DeltaDiscoveryResponse}. */
public record DeltaResponse(
    String typeUrl, String nonce, List<Resource> resources, List<String> removed) {
  public DeltaResponse {
    resources = List.copyOf(resources);
    removed = List.copyOf(removed);
  }

  /** A resource and its version. The bytes are not changed. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Resource(String name, String version, byte[] bytes) {}

  /**
   * Reads a message.
   *
   * @throws FieldException where it is malformed
   */
  public static DeltaResponse decode(byte[] message) {
    ProtoFields in = ProtoFields.of(message, "");
    return new DeltaResponse(
        in.text(4), in.text(5), in.each(2, "resources", DeltaResponse::resource), in.texts(6));
  }

  private static Resource resource(ProtoFields in) {
    ProtoFields any = in.message(2, "resource");
    return new Resource(in.text(3), in.text(1), any == null ? new byte[0] : any.bytes(2));
  }
}
