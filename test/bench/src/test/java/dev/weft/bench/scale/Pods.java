package dev.weft.bench.scale;

import dev.weft.bench.scale.Estate.PodId;
import java.util.List;
import java.util.stream.IntStream;

/** Whose proxies are simulated: pods that are never restarted, spread over all namespaces. */
final class Pods {
  private Pods() {}

  static List<PodId> wide(Estate estate, ScaleOptions options) {
    return IntStream.range(0, options.sidecars()).mapToObj(i -> pod(estate, options, i)).toList();
  }

  static List<PodId> narrow(Estate estate, ScaleOptions options) {
    return IntStream.range(0, options.narrow())
        .mapToObj(i -> pod(estate, options, options.sidecars() + i))
        .toList();
  }

  /** First those of cluster1, then those of cluster2. */
  private static PodId pod(Estate estate, ScaleOptions options, int index) {
    int stride = Math.max(1, estate.services() / (options.sidecars() + options.narrow()));
    int place = index / estate.services() == 0 ? 0 : Estate.PODS - 1;
    return new PodId(index * stride % estate.services(), place, 0);
  }
}
