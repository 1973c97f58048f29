package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.AccessLog;
import dev.weft.config.AccessLog.Format;
import dev.weft.config.ConfigKind;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectParser;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Metric;
import dev.weft.config.Telemetry.Side;
import dev.weft.config.Telemetry.Tag;
import dev.weft.snapshot.MetricMerge.Edited;
import dev.weft.types.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetriesTest {
  private static final Map<String, String> CART = Map.of("app", "cart");
  private static final AccessLog ENVOY = new AccessLog("/dev/stdout", new Format.Asm());
  private static final AccessLog FILE = new AccessLog("/tmp/log", new Format.Text());
  private static final String FILE_PROVIDER =
      "{'name':'File','envoyFileAccessLog':{'path':'/tmp/log'}}";

  private final List<Telemetry> objects = new ArrayList<>();

  private void put(String namespace, String name, String spec) {
    objects.add(
        (Telemetry)
            ObjectParser.parse(
                    ConfigKind.TELEMETRY,
                    json(
                        "{'metadata':{'name':'"
                            + name
                            + "','namespace':'"
                            + namespace
                            + "','creationTimestamp':'2026-01-0"
                            + (objects.size() + 1)
                            + "T00:00:00Z'},'spec':"
                            + spec
                            + "}"))
                .value()
                .orElseThrow());
  }

  private static Map<String, ?> json(String text) {
    return Json.parseObject(text.replace('\'', '"'));
  }

  private static MeshSettings settings(String mesh) {
    return MeshSettingsParser.read(json(mesh), Map.of(), MeshSettings.defaults()).settings();
  }

  private List<Telemetry> holding() {
    return Telemetries.of("istio-system", objects).of("shop", CART);
  }

  private List<AccessLog> logs(String mesh, Side side) {
    return LogMerge.logs(settings(mesh), holding(), side);
  }

  @Test
  void that_of_the_mesh_that_of_the_namespace_and_the_oldest_that_selects_hold() {
    put("shop", "other", "{'selector':{'matchLabels':{'app':'web'}}}");
    put("shop", "young-enough", "{'selector':{'matchLabels':{'app':'cart'}}}");
    put("shop", "too-young", "{'selector':{'matchLabels':{'app':'cart'}}}");
    put("shop", "namespace", "{}");
    put("shop", "second", "{}");
    put("istio-system", "mesh", "{}");
    put("istio-system", "own", "{'selector':{'matchLabels':{'app':'cart'}}}");
    put("bank", "elsewhere", "{}");
    put("shop", "gateway", "{'targetRefs':[{'kind':'Gateway','name':'x'}]}");
    assertThat(holding())
        .extracting(t -> t.meta().name())
        .containsExactly("mesh", "namespace", "young-enough");
  }

  @Test
  void nothing_said_leaves_the_log_of_the_settings_or_the_default_providers() {
    assertThat(logs("{}", Side.CLIENT)).containsExactly(ENVOY);
    assertThat(logs("{'accessLogFile':''}", Side.CLIENT)).isEmpty();
    assertThat(
            logs(
                "{'accessLogFile':'','defaultProviders':{'accessLogging':['file']},"
                    + "'extensionProviders':["
                    + FILE_PROVIDER
                    + "]}",
                Side.SERVER))
        .containsExactly(FILE);
  }

  @Test
  void without_a_provider_the_log_of_the_settings_is_meant() {
    put("shop", "filter", "{'accessLogging':[{'filter':{'expression':'connection.mtls'}}]}");
    assertThat(logs("{}", Side.CLIENT)).containsExactly(ENVOY.where("connection.mtls"));
    put(
        "shop",
        "cart",
        "{'selector':{'matchLabels':{'app':'cart'}},"
            + "'accessLogging':[{'disabled':true,'match':{'mode':'SERVER'}}]}");
    assertThat(logs("{}", Side.CLIENT)).containsExactly(ENVOY.where("connection.mtls"));
    assertThat(logs("{}", Side.SERVER)).isEmpty();
  }

  @Test
  void providers_replace_those_of_wider_scopes_and_may_be_turned_on_again() {
    String mesh = "{'accessLogFile':'','extensionProviders':[" + FILE_PROVIDER + "]}";
    put("istio-system", "mesh", "{'accessLogging':[{'providers':[{'name':'envoy'}]}]}");
    assertThat(logs(mesh, Side.CLIENT)).containsExactly(ENVOY);
    put("shop", "namespace", "{'accessLogging':[{'disabled':true}]}");
    assertThat(logs(mesh, Side.CLIENT)).isEmpty();
    put(
        "shop",
        "cart",
        "{'selector':{'matchLabels':{'app':'cart'}},"
            + "'accessLogging':[{'providers':[{'name':'file'}]}]}");
    assertThat(logs(mesh, Side.CLIENT)).containsExactly(FILE);
  }

  @Test
  void a_side_that_no_entry_is_about_keeps_its_logs() {
    put(
        "shop",
        "namespace",
        "{'accessLogging':["
            + "{'match':{'mode':'CLIENT'},'providers':[{'name':'file'},{'name':'envoy'}]},"
            + "{'match':{'mode':'CLIENT'},'providers':[{'name':'envoy'}],'disabled':true}]}");
    String mesh = "{'extensionProviders':[" + FILE_PROVIDER + "]}";
    assertThat(logs(mesh, Side.CLIENT)).containsExactly(FILE);
    assertThat(logs(mesh, Side.SERVER)).containsExactly(ENVOY);
  }

  @Test
  void metrics_are_edited_in_order_by_side_and_a_narrower_scope_turns_one_on_again() {
    put(
        "istio-system",
        "mesh",
        "{'metrics':[{'overrides':[{'disabled':true},"
            + "{'tagOverrides':{'response_flags':{'operation':'REMOVE'}}}]}]}");
    put(
        "shop",
        "namespace",
        "{'metrics':[{'overrides':[{'match':{'metric':'REQUEST_COUNT','mode':'CLIENT'},"
            + "'disabled':false,'tagOverrides':{'tier':{'value':'\\u0027gold\\u0027'}}}]}]}");
    assertThat(MetricMerge.metrics(holding(), Side.SERVER))
        .hasSameSizeAs(Metric.values())
        .allMatch(Edited::dropped);
    assertThat(MetricMerge.metrics(holding(), Side.CLIENT))
        .hasSameSizeAs(Metric.values())
        .filteredOn(edited -> !edited.dropped())
        .containsExactly(
            new Edited(
                Metric.REQUEST_COUNT,
                false,
                Map.of("response_flags", new Tag.Removed(), "tier", new Tag.Fixed("gold"))));
  }
}
