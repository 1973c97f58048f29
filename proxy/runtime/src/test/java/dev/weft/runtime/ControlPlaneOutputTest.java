package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing of what a control plane sends in the two-network scenario is refused. */
class ControlPlaneOutputTest {
  @ParameterizedTest
  @CsvSource({"sleep", "httpbin", "cross-network"})
  void all_resources_are_taken(String proxy) throws IOException {
    Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes(proxy));

    assertThat(compiled.rejections()).isEmpty();
    assertThat(compiled.config().listeners()).isNotEmpty();
    assertThat(compiled.config().clusters()).isNotEmpty();
  }

  private static List<Change> changes(String proxy) throws IOException {
    List<Change> changes = new ArrayList<>();
    Struct.Builder golden = Struct.newBuilder();
    JsonFormat.parser()
        .merge(Files.readString(Path.of("src/test/golden", proxy + ".json")), golden);
    for (Map.Entry<String, Value> type : golden.getFieldsMap().entrySet()) {
      for (Value resource : type.getValue().getListValue().getValuesList()) {
        changes.addAll(change(type.getKey(), resource));
      }
    }

    return changes;
  }

  /** Whatever a control plane sends, the answer is a configuration and named refusals. */
  @ParameterizedTest
  @CsvSource({"sleep", "httpbin", "cross-network"})
  void damaged_resources_are_refused_and_never_a_fault_of_ours(String proxy) throws IOException {
    SplittableRandom random = new SplittableRandom(proxy.hashCode());
    for (Change change : changes(proxy)) {
      Change.Set set = (Change.Set) change;
      for (int i = 0; i < 200; i++) {
        byte[] damaged = set.bytes().clone();
        int times = 1 + random.nextInt(3);
        for (int n = 0; n < times; n++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        byte[] cut =
            random.nextInt(10) == 0
                ? java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length))
                : damaged;
        Compiled compiled =
            RuntimeConfigCompiler.compile(
                RuntimeConfig.EMPTY, List.of(new Change.Set(set.type(), set.name(), cut)));
        assertThat(compiled.rejections())
            .noneSatisfy(r -> assertThat(r.reason()).startsWith("internal error"));
      }
    }
  }

  private static List<Change> change(String type, Value resource)
      throws InvalidProtocolBufferException {
    String json = JsonFormat.printer().print(resource);
    return switch (type) {
      case "LDS" -> List.of(Xds.listener(json));
      case "RDS" -> List.of(Xds.route(json));
      case "CDS" -> List.of(Xds.cluster(json));
      case "EDS" -> List.of(Xds.endpoints(json));
      default -> List.of();
    };
  }
}
