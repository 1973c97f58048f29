package dev.weft.explain;

import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.Rejection;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What a proxy holds once it has heard everything: what the control plane makes for it, compiled by
 * the proxy's own compiler.
 *
 * @param refused what the proxy does not take
 */
record Held(RuntimeConfig config, List<Rejection> refused) {
  /** What a question about requests needs; secrets are not among it. */
  static final List<XdsType> ASKED =
      List.of(XdsType.LISTENER, XdsType.ROUTE, XdsType.CLUSTER, XdsType.ENDPOINT);

  /** All of it. */
  static Held of(Translation translation, MeshSnapshot snapshot, ProxyNode node) {
    return compiled(translation.resources(snapshot, node), ASKED, (type, name) -> true);
  }

  /**
   * A part of it.
   *
   * @param wanted by type and name
   */
  static Held compiled(
      ResourceSet resources, List<XdsType> types, BiPredicate<XdsType, String> wanted) {
    List<Change> changes = new ArrayList<>();
    for (XdsType type : types) {
      for (Map.Entry<String, VersionedResource> entry : resources.of(type).entrySet()) {
        if (wanted.test(type, entry.getKey())) {
          changes.add(
              new Change.Set(
                  type, entry.getKey(), entry.getValue().body().getValue().toByteArray()));
        }
      }
    }
    Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);
    return new Held(compiled.config(), compiled.rejections());
  }
}
