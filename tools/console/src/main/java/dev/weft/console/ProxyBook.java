package dev.weft.console;

import dev.weft.console.api.ProxyDetail;
import dev.weft.console.api.ProxyRow;
import dev.weft.snapshot.WorkloadKey;
import java.util.List;
import java.util.Optional;

/** The proxies that this control plane serves. Thread-safe. */
public interface ProxyBook {

  /** The connected ones, in order. */
  List<ProxyRow> rows();

  /**
   * What one of them should hold; empty for those that are not connected.
   *
   * @param id as in {@link ProxyRow}
   */
  Optional<ProxyDetail> detail(String id);

  /** Whether the proxy of a pod is connected and asks for what its pod calls. */
  boolean onDemand(WorkloadKey pod);
}
