package dev.weft.proxy.admin;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.types.Json;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the process says of itself, in the forms of Envoy's admin port: what Istio's {@code
 * bug-report} collects.
 */
final class ProcessPages {
  private ProcessPages() {}

  /**
   * {@code envoy.admin.v3.Memory}, in bytes. What the allocator of Envoy has no counterpart for
   * here is 0.
   */
  static Answer memory() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("allocated", Long.toString(heap.getUsed() + other.getUsed()));
    out.put("heap_size", Long.toString(heap.getCommitted()));
    out.put("pageheap_unmapped", "0");
    out.put("pageheap_free", Long.toString(heap.getCommitted() - heap.getUsed()));
    out.put("total_thread_cache", "0");
    out.put("total_physical_bytes", Long.toString(heap.getCommitted() + other.getCommitted()));
    return Answer.json(Json.write(out));
  }

  /** The runtime layers of Envoy's configuration, of which this proxy has none. */
  static Answer runtime() {
    return Answer.json(Json.write(Map.of("layers", List.of(), "entries", Map.of())));
  }

  /**
   * {@code envoy.admin.v3.UnreadyTargetsDumps}.
   *
   * @param missing what the proxy waits for; empty for nothing
   */
  static Answer unready(String missing) {
    return Answer.json(
        Json.write(
            missing.isEmpty()
                ? Map.of()
                : Map.of(
                    "unready_targets_dumps",
                    List.of(Map.of("name", "server", "target_names", List.of(missing))))));
  }

  /** As Envoy answers where it does not trace. */
  static Answer contention() {
    return Answer.text("Mutex contention tracing is not enabled: this proxy has none.\n");
  }
}
