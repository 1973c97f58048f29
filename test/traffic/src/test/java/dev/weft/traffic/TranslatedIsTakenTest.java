package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What the control plane makes of the meshes of {@code control/translate}'s golden files, taken by
 * the proxy's compiler: whole as it comes, and where it is damaged with refusals that name the
 * resource, never with a fault of ours.
 */
class TranslatedIsTakenTest {
  private static final Path GOLDEN = Path.of("../../control/translate/src/test/golden");

  /** Of each resource. */
  private static final int DAMAGES = 10;

  private interface Check {
    void of(List<Change> changes);
  }

  /** One test for each proxy of each mesh. */
  private static Stream<DynamicTest> each(Check check) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      for (Path input : files.filter(f -> f.endsWith("input.yaml")).sorted().toList()) {
        MeshFile mesh = MeshFile.read(input);
        for (var proxy : mesh.proxies().entrySet()) {
          tests.add(
              DynamicTest.dynamicTest(
                  GOLDEN.relativize(input.getParent()) + ", " + proxy.getKey(),
                  () -> check.of(changes(mesh, ours(proxy.getValue())))));
        }
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  /** What one of our own program would say in its place. */
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

  private static List<Change> changes(MeshFile mesh, ProxyNode proxy) {
    ResourceSet resources = new Translation().resources(mesh.snapshot(), proxy);
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

  @TestFactory
  Stream<DynamicTest> all_is_taken() throws IOException {
    return each(
        changes -> {
          Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);

          assertThat(compiled.rejections()).isEmpty();
          assertThat(compiled.config().listeners()).isNotEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> what_is_damaged_is_refused_by_name() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    return each(
        changes -> {
          for (Change change : changes) {
            Change.Set set = (Change.Set) change;
            for (int i = 0; i < DAMAGES; i++) {
              Change damaged = new Change.Set(set.type(), set.name(), damaged(set.bytes(), random));
              assertThat(
                      RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(damaged))
                          .rejections())
                  .noneSatisfy(r -> assertThat(r.reason()).startsWith("internal error"));
            }
          }
        });
  }

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] damaged = bytes.clone();
    for (int n = random.nextInt(3); n >= 0 && damaged.length > 0; n--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 1))
        : damaged;
  }
}
