package dev.weft.traffic;

import dev.weft.runtime.Change;
import dev.weft.translate.Dialect;
import dev.weft.translate.MeshFile;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** The meshes of {@code control/translate}'s golden files, as proxies of our own are told them. */
final class GoldenMeshes {
  static final Path ROOT = Path.of("../../control/translate/src/test/golden");

  private GoldenMeshes() {}

  /** The files of a name, in the order of their paths. */
  static List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(f -> f.endsWith(name)).sorted().toList();
    }
  }

  /** The case that a file is of. */
  static String name(Path file) {
    return ROOT.relativize(file.resolveSibling("")).toString();
  }

  /** All that one of our own program would be told in the place of a proxy. */
  static List<Change> changes(MeshFile mesh, ProxyNode proxy) {
    ResourceSet resources = new Translation().resources(mesh.snapshot(), ours(proxy));
    List<Change> changes = new ArrayList<>();
    // The files hold no certificates that could be read.
    for (XdsType type : EnumSet.complementOf(EnumSet.of(XdsType.SECRET))) {
      for (VersionedResource resource : resources.of(type).values()) {
        byte[] bytes = resource.body().getValue().toByteArray();
        changes.add(new Change.Set(type, resource.name(), bytes));
      }
    }
    return changes;
  }

  private static ProxyNode ours(ProxyNode node) {
    return new ProxyNode(
        node.id(),
        node.role(),
        node.ips(),
        node.pod(),
        node.namespace(),
        node.cluster(),
        node.network(),
        node.networkView(),
        node.labels(),
        node.serviceAccount(),
        node.workloadName(),
        node.nodeName(),
        node.dnsCapture(),
        node.onDemand(),
        node.version(),
        Dialect.WEFT,
        node.byEndpoint(),
        node.locality());
  }
}
