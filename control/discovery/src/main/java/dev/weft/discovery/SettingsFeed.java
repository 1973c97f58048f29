package dev.weft.discovery;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ControlIdentity;
import dev.weft.config.Diagnostic;
import dev.weft.config.InjectorValues;
import dev.weft.config.InjectorValuesParser;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes the mesh's settings out of the two ConfigMaps that hold them. What cannot be read leaves
 * the settings before it in force. Thread-safe: each ConfigMap has a watch of its own.
 */
final class SettingsFeed {
  private final ControlIdentity control;
  private final MeshSettings defaults;
  private final Consumer<ConfigEvent> events;
  // Guarded by this.
  private MeshSettingsParser.Read mesh;
  private InjectorValuesParser.Read injector;

  SettingsFeed(ControlIdentity control, MeshSettings defaults, Consumer<ConfigEvent> events) {
    this.control = control;
    this.defaults = defaults;
    this.events = events;
    this.mesh = new MeshSettingsParser.Read(defaults, List.of());
    this.injector = new InjectorValuesParser.Read(defaults.injector(), List.of());
  }

  /** The entries of the ConfigMap {@code istio}. */
  synchronized void mesh(Map<String, String> entries) {
    List<Diagnostic> malformed = new ArrayList<>();
    String object = object(control.settings());
    Map<String, Object> settings =
        tree(entries.getOrDefault("mesh", ""), object, "mesh", malformed);
    Map<String, Object> networks =
        tree(entries.getOrDefault("meshNetworks", ""), object, "meshNetworks", malformed);
    events.accept(new ConfigEvent.Noticed("settings", malformed));
    // Half of the settings is worse than the previous ones.
    if (malformed.isEmpty()) {
      mesh = MeshSettingsParser.read(object, settings, networks, defaults);
      tell();
    }
  }

  /** The entries of the ConfigMap {@code istio-sidecar-injector}. */
  synchronized void injector(Map<String, String> entries) {
    List<Diagnostic> malformed = new ArrayList<>();
    String object = object(control.named(InjectorValues.CONFIG_MAP));
    Map<String, Object> values =
        tree(entries.getOrDefault("values", ""), object, "values", malformed);
    events.accept(new ConfigEvent.Noticed("injector values", malformed));
    if (malformed.isEmpty()) {
      injector = InjectorValuesParser.read(values, object);
      tell();
    }
  }

  private String object(String name) {
    return "ConfigMap " + control.rootNamespace() + "/" + name;
  }

  private void tell() {
    List<Diagnostic> all = new ArrayList<>(mesh.diagnostics());
    all.addAll(injector.diagnostics());
    events.accept(
        new ConfigEvent.SettingsChanged(mesh.settings().withInjector(injector.values()), all));
  }

  /** YAML, of which JSON is a part. */
  private static Map<String, Object> tree(
      String text, String object, String key, List<Diagnostic> diagnostics) {
    try {
      return Yaml.object(text);
    } catch (Yaml.MalformedException e) {
      diagnostics.add(
          Diagnostic.error(
              "bad-yaml",
              object,
              key,
              "not YAML with fields, so the settings stay as they were: " + e.getMessage()));
      return Map.of();
    }
  }
}
