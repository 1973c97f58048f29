package dev.weft.proxy.admin;

import dev.weft.proxy.xds.ConfigJournal;
import dev.weft.runtime.Rejection;
import dev.weft.types.Json;
import dev.weft.xds.VirtualHostName;
import dev.weft.xds.XdsType;
import dev.weft.xds.client.ProtoJson;
import dev.weft.xds.client.ProtoWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /config_dump} in the form of Envoy's, so that tools for it work: the resources as the
 * control plane sent them. Keys are not part of it.
 */
final class ConfigDumpPage {
  private static final String ADMIN = "type.googleapis.com/envoy.admin.v3.";

  private ConfigDumpPage() {}

  /**
   * The page.
   *
   * @param resource empty, or the one member of the dumps to show, such as {@code
   *     dynamic_listeners}
   */
  static String json(ProxyFacts facts, boolean withEndpoints, String resource) {
    ProtoJson writer = new ProtoJson();
    List<ConfigJournal.Entry> entries = facts.resources();
    List<Map<String, @Nullable Object>> configs = new ArrayList<>();
    configs.add(bootstrap(facts));
    configs.add(dump("ClustersConfigDump", "dynamic_active_clusters", clusters(writer, entries)));
    if (withEndpoints) {
      configs.add(
          dump(
              "EndpointsConfigDump",
              "dynamic_endpoint_configs",
              plain(writer, entries, XdsType.ENDPOINT, "endpoint_config")));
    }
    configs.add(
        dump("ListenersConfigDump", "dynamic_listeners", listeners(writer, facts, entries)));
    configs.add(dump("ScopedRoutesConfigDump", "dynamic_scoped_route_configs", List.of()));
    configs.add(
        dump(
            "RoutesConfigDump",
            "dynamic_route_configs",
            plain(writer, withAskedHosts(entries), XdsType.ROUTE, "route_config")));
    configs.add(dump("SecretsConfigDump", "dynamic_active_secrets", CertsPage.secrets(facts)));
    configs.add(dump("EcdsConfigDump", "ecds_filters", List.of()));
    if (!resource.isEmpty()) {
      configs =
          configs.stream()
              .filter(c -> c.containsKey(resource))
              .<Map<String, @Nullable Object>>flatMap(
                  c ->
                      c.get(resource) instanceof List<?> list
                          ? list.stream().map(ConfigDumpPage::item)
                          : java.util.stream.Stream.of())
              .toList();
    }
    return Json.write(Map.of("configs", configs));
  }

  private static Map<String, @Nullable Object> item(@Nullable Object value) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, content) -> out.put(String.valueOf(key), content));
    }
    return out;
  }

  private static Map<String, @Nullable Object> dump(String type, String member, Object content) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("@type", ADMIN + type);
    out.put(member, content);
    return out;
  }

  private static Map<String, @Nullable Object> bootstrap(ProxyFacts facts) {
    Map<String, @Nullable Object> node = new LinkedHashMap<>();
    node.put("id", facts.environment().nodeId());
    node.put("cluster", facts.environment().nodeCluster());
    node.put("metadata", facts.environment().meta());
    node.put("user_agent_name", "weft");
    node.put("user_agent_build_version", Build.message());
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("@type", ADMIN + "BootstrapConfigDump");
    out.put("bootstrap", Map.of("node", node));
    return out;
  }

  private static List<Object> clusters(ProtoJson writer, List<ConfigJournal.Entry> entries) {
    return plain(writer, entries, XdsType.CLUSTER, "cluster");
  }

  private static List<Object> plain(
      ProtoJson writer, List<ConfigJournal.Entry> entries, XdsType type, String member) {
    List<Object> out = new ArrayList<>();
    for (ConfigJournal.Entry entry : sorted(entries, type)) {
      Map<String, @Nullable Object> item = new LinkedHashMap<>();
      item.put("version_info", entry.version());
      item.put(member, content(writer, entry));
      out.add(item);
    }
    return out;
  }

  /** Route tables with the hosts in them that were asked for one by one. */
  private static List<ConfigJournal.Entry> withAskedHosts(List<ConfigJournal.Entry> entries) {
    List<ConfigJournal.Entry> tables = new ArrayList<>();
    for (ConfigJournal.Entry table : sorted(entries, XdsType.ROUTE)) {
      // Messages that follow each other are one in which lists are joined.
      ProtoWriter whole = new ProtoWriter();
      sorted(entries, XdsType.VIRTUAL_HOST).stream()
          .filter(
              host ->
                  VirtualHostName.parse(host.name())
                      .filter(name -> name.table().equals(table.name()))
                      .isPresent())
          .map(ConfigJournal.Entry::bytes)
          .map(ByteBuffer::wrap)
          // One host may have been asked for by several names.
          .distinct()
          .forEach(host -> whole.bytes(2, host.array()));
      byte[] hosts = whole.toBytes();
      byte[] bytes = Arrays.copyOf(table.bytes(), table.bytes().length + hosts.length);
      System.arraycopy(hosts, 0, bytes, table.bytes().length, hosts.length);
      tables.add(new ConfigJournal.Entry(table.type(), table.name(), table.version(), bytes));
    }
    return tables;
  }

  private static List<Object> listeners(
      ProtoJson writer, ProxyFacts facts, List<ConfigJournal.Entry> entries) {
    List<Object> out = new ArrayList<>();
    for (ConfigJournal.Entry entry : sorted(entries, XdsType.LISTENER)) {
      Map<String, @Nullable Object> active = new LinkedHashMap<>();
      active.put("version_info", entry.version());
      active.put("listener", content(writer, entry));
      Map<String, @Nullable Object> item = new LinkedHashMap<>();
      item.put("name", entry.name());
      item.put("active_state", active);
      String error = error(facts, entry.name());
      if (!error.isEmpty()) {
        item.put("error_state", Map.of("details", error));
      }
      out.add(item);
    }
    return out;
  }

  private static String error(ProxyFacts facts, String listener) {
    for (Rejection rejection : facts.rejections()) {
      if (rejection.type() == XdsType.LISTENER && rejection.resource().equals(listener)) {
        return rejection.field() + ": " + rejection.reason();
      }
    }
    return facts.statistics().bindFailures().getOrDefault(listener, "");
  }

  private static List<ConfigJournal.Entry> sorted(List<ConfigJournal.Entry> entries, XdsType type) {
    return entries.stream()
        .filter(e -> e.type() == type)
        .sorted(java.util.Comparator.comparing(ConfigJournal.Entry::name))
        .toList();
  }

  private static @Nullable Object content(ProtoJson writer, ConfigJournal.Entry entry) {
    String url = entry.type().url();
    Object json = writer.write(url.substring(url.indexOf('/') + 1), entry.bytes());
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("@type", url);
    if (json instanceof Map<?, ?> map) {
      map.forEach((key, value) -> out.put(String.valueOf(key), value));
    }
    return out;
  }
}
