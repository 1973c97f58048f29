package dev.weft.control.ads;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether collections of garbage have left the heap nearly full: one more proxy would be the one
 * that ends the process, and with it the streams of all others.
 */
final class HeapRoom implements BooleanSupplier {
  private static final double FULL = 0.92;

  private final List<MemoryPoolMXBean> pools;

  private HeapRoom(List<MemoryPoolMXBean> pools) {
    this.pools = pools;
  }

  /** Of this process. */
  static HeapRoom ofProcess() {
    return new HeapRoom(
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            // What has survived for long; the other pools are emptied again and again.
            .filter(pool -> pool.getName().matches(".*(Old|Tenured) Gen.*"))
            .toList());
  }

  /** True when there is no room. */
  @Override
  public boolean getAsBoolean() {
    return pools.stream().map(MemoryPoolMXBean::getCollectionUsage).anyMatch(HeapRoom::full);
  }

  /**
   * @param left by the last collection; null where there is none
   */
  private static boolean full(@Nullable MemoryUsage left) {
    return left != null && left.getMax() > 0 && left.getUsed() > FULL * left.getMax();
  }
}
