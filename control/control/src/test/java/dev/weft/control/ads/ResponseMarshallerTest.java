package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import dev.weft.xds.StreamForm;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseMarshallerTest {
  private final StreamResponse response =
      new StreamResponse(
          StreamForm.INCREMENTAL,
          XdsType.CLUSTER,
          "1",
          "0123456789abcdef",
          List.of(VersionedResource.of("a", StringValue.of("x".repeat(10_000)))),
          List.of("gone"));
  private final InputStream stream = new ResponseMarshaller().stream(response);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void transport_that_drains_is_told_the_length_and_gets_the_message() throws IOException {
    assertThat(stream).isInstanceOf(KnownLength.class);
    assertThat(stream.available()).isEqualTo(response.size());
    assertThat(((Drainable) stream).drainTo(out)).isEqualTo(response.size());
    assertThat(stream.available()).isZero();
    assertThat(stream.read()).isEqualTo(-1);
    DeltaDiscoveryResponse message = DeltaDiscoveryResponse.parseFrom(out.toByteArray());
    assertThat(message.getResourcesList()).singleElement().extracting("name").isEqualTo("a");
    assertThat(message.getRemovedResourcesList()).containsExactly("gone");
  }

  @Test
  void transport_that_reads_gets_the_same() throws IOException {
    out.write(stream.read());
    assertThat(stream.available()).isEqualTo(response.size() - 1);
    out.write(stream.readNBytes(5_000));
    assertThat(((Drainable) stream).drainTo(out)).isEqualTo(response.size() - 5_001);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    response.writeTo(whole);
    assertThat(out.toByteArray()).isEqualTo(whole.toByteArray());
  }
}
