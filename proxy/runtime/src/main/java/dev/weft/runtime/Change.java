package dev.weft.runtime;

import dev.weft.xds.XdsType;

/** What happened to a resource. */
public sealed interface Change {
  XdsType type();

  /** As the control plane names it. */
  String name();

  /** It is new or different. The bytes are its Protocol Buffers form and are not changed. */
  @SuppressWarnings("ArrayRecordComponent")
  record Set(XdsType type, String name, byte[] bytes) implements Change {}

  /** It is gone. */
  record Remove(XdsType type, String name) implements Change {}
}
