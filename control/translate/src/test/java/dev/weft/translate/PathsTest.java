package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.config.PathNormalization;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What proxies are told about the paths of requests. */
class PathsTest {
  @ParameterizedTest
  @CsvSource({
    "NONE, false, false, KEEP_UNCHANGED",
    "BASE, true, false, KEEP_UNCHANGED",
    "MERGE_SLASHES, true, true, KEEP_UNCHANGED",
    "DECODE_AND_MERGE_SLASHES, true, true, UNESCAPE_AND_FORWARD"
  })
  void each_setting_is_told_in_three_fields(
      PathNormalization paths,
      boolean normalize,
      boolean merge,
      PathWithEscapedSlashesAction escapedSlashes)
      throws InvalidProtocolBufferException {
    List<Filter> filters =
        NetworkFilters.outboundHttp(
            Dialect.WEFT,
            paths,
            "outbound_80;",
            "80",
            Reports.of(new TelemetryInputs(List.of(), List.of(), null)),
            List.of());
    HttpConnectionManager manager =
        filters.getFirst().getTypedConfig().unpack(HttpConnectionManager.class);
    assertThat(manager.getNormalizePath().getValue()).isEqualTo(normalize);
    assertThat(manager.hasNormalizePath()).isTrue();
    assertThat(manager.getMergeSlashes()).isEqualTo(merge);
    assertThat(manager.getPathWithEscapedSlashesAction()).isEqualTo(escapedSlashes);
  }
}
