package dev.weft.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;

/**
 * One resource as it goes over the wire.
 *
 * @param version a hash of the bytes: equal content has an equal version in every replica and after
 *     every restart, so that a client that reconnects is sent only what changed
 */
public record VersionedResource(String name, String version, Any body) {

  public static VersionedResource of(String name, Message message) {
    Any body = DeterministicBytes.pack(message);
    return new VersionedResource(name, DeterministicBytes.hash(body.getValue()), body);
  }

  /** Of a secret, no more than its name. */
  @Override
  public String toString() {
    boolean secret = body.getTypeUrl().equals(XdsType.SECRET.url());
    return name + "@" + version + (secret ? " [redacted]" : " " + body);
  }
}
