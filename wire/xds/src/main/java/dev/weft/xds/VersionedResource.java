package dev.weft.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * One resource as it goes over the wire: its name, the version that is a hash of its bytes, and
 * those bytes. Equal content has an equal version in every replica and after every restart, so that
 * a client that reconnects is sent only what changed. Immutable.
 *
 * <p>The bytes exist once, as the entry of a response that all streams share.
 */
public final class VersionedResource {
  private static final int VERSION_FIELD_BYTES =
      lengthDelimited(Resource.VERSION_FIELD_NUMBER, DeterministicBytes.HASH_DIGITS);

  private final ResourceVersion id;
  private final ByteString deltaEntry;
  private final ByteString stateEntry;

  private VersionedResource(ResourceVersion id, ByteString deltaEntry, ByteString stateEntry) {
    this.id = id;
    this.deltaEntry = deltaEntry;
    this.stateEntry = stateEntry;
  }

  public static VersionedResource of(String name, Message message) {
    return of(name, EncodedMessage.of(message));
  }

  /** Of a message whose parts other resources may have, too. */
  public static VersionedResource of(String name, EncodedMessage message) {
    String url = message.typeUrl();
    int value = message.bytes().size();
    int valueField = value == 0 ? 0 : lengthDelimited(Any.VALUE_FIELD_NUMBER, value);
    int any = CodedOutputStream.computeStringSize(Any.TYPE_URL_FIELD_NUMBER, url) + valueField;
    int anyField = lengthDelimited(Resource.RESOURCE_FIELD_NUMBER, any);
    int nameField =
        name.isEmpty() ? 0 : CodedOutputStream.computeStringSize(Resource.NAME_FIELD_NUMBER, name);
    int resource = VERSION_FIELD_BYTES + anyField + nameField;
    int entry = lengthDelimited(DeltaDiscoveryResponse.RESOURCES_FIELD_NUMBER, resource);
    String version = DeterministicBytes.hash(message.bytes());
    byte[] head = new byte[entry - value - nameField];
    byte[] tail = new byte[nameField];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(head);
      begin(out, DeltaDiscoveryResponse.RESOURCES_FIELD_NUMBER, resource);
      out.writeString(Resource.VERSION_FIELD_NUMBER, version);
      begin(out, Resource.RESOURCE_FIELD_NUMBER, any);
      out.writeString(Any.TYPE_URL_FIELD_NUMBER, url);
      if (value > 0) {
        begin(out, Any.VALUE_FIELD_NUMBER, value);
      }
      out.checkNoSpaceLeft();
      if (!name.isEmpty()) {
        CodedOutputStream end = CodedOutputStream.newInstance(tail);
        end.writeString(Resource.NAME_FIELD_NUMBER, name);
        end.checkNoSpaceLeft();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + name, e);
    }
    ByteString bytes =
        EncodedMessage.joined(
            UnsafeByteOperations.unsafeWrap(head),
            List.of(message.bytes(), UnsafeByteOperations.unsafeWrap(tail)));
    int anyEnd = entry - nameField;
    // The fields have the same number, so that one lies in the other.
    return new VersionedResource(
        new ResourceVersion(name, version), bytes, bytes.substring(anyEnd - anyField, anyEnd));
  }

  private static int lengthDelimited(int field, int size) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(size)
        + size;
  }

  private static void begin(CodedOutputStream out, int field, int size) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size);
  }

  public String name() {
    return id.name();
  }

  /** 16 hexadecimal digits. */
  public String version() {
    return id.version();
  }

  /** Its name and version, one object for all who remember it. */
  ResourceVersion id() {
    return id;
  }

  /** The message under {@code type.googleapis.com/}. Made anew each time, around the same bytes. */
  public Any body() {
    try {
      CodedInputStream in = deltaEntry.newCodedInput();
      in.enableAliasing(true);
      in.readTag();
      in.pushLimit(in.readRawVarint32());
      return Resource.parseFrom(in).getResource();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the bytes of " + id.name(), e);
    }
  }

  /** Field {@code resources} of a {@code DeltaDiscoveryResponse}, with its tag. */
  ByteString deltaEntry() {
    return deltaEntry;
  }

  /** Field {@code resources} of a {@code DiscoveryResponse}, with its tag. */
  ByteString stateEntry() {
    return stateEntry;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VersionedResource resource
        && id.version().equals(resource.id.version())
        && deltaEntry.equals(resource.deltaEntry);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** Of a secret, no more than its name. */
  @Override
  public String toString() {
    Any body = body();
    boolean secret = body.getTypeUrl().equals(XdsType.SECRET.url());
    return id.name() + "@" + id.version() + (secret ? " [redacted]" : " " + body);
  }
}
