package dev.weft.control.ads;

import dev.weft.xds.StreamMessage;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Has responses write themselves to the transport: no message is built for it. */
final class ResponseMarshaller implements MethodDescriptor.Marshaller<StreamMessage> {
  @Override
  public InputStream stream(StreamMessage response) {
    return new Unwritten(response);
  }

  @Override
  public StreamMessage parse(InputStream stream) {
    throw new UnsupportedOperationException("a server reads no responses");
  }

  /** Confined to the transport. */
  private static final class Unwritten extends InputStream implements Drainable, KnownLength {
    private final StreamMessage response;
    private final int size;
    private @Nullable InputStream rest;

    Unwritten(StreamMessage response) {
      this.response = response;
      this.size = response.size();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      InputStream begun = rest;
      rest = InputStream.nullInputStream();
      if (begun != null) {
        return (int) begun.transferTo(target);
      }
      response.writeTo(target);
      return size;
    }

    @Override
    public int available() throws IOException {
      return rest == null ? size : rest.available();
    }

    @Override
    public int read() throws IOException {
      return bytes().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return bytes().read(target, offset, length);
    }

    /** For a transport that does not drain. */
    private InputStream bytes() throws IOException {
      InputStream begun = rest;
      if (begun == null) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(size);
        response.writeTo(all);
        begun = new ByteArrayInputStream(all.toByteArray());
        rest = begun;
      }
      return begun;
    }
  }
}
