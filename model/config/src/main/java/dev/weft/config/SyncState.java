package dev.weft.config;

/** How current the mesh's knowledge of a cluster is. */
public enum SyncState {
  /** Never complete yet. */
  SYNCING,
  /** Current. */
  SYNCED,
  /** Was complete, but the API server does not answer now: the last state stays in force. */
  LOST,
  /**
   * Not read completely since this process began: what was known before, from its disk, is in
   * force.
   */
  LAST_KNOWN,
  /** Its credentials cannot be used. */
  REJECTED
}
