package dev.weft.ca;

import java.io.IOException;
import java.util.Optional;

/**
 * Where CA keys outlive the process: Secrets of {@code istio-system} in the mesh's API, in
 * production.
 */
public interface CaStore {
  /** A CA that the operator brought. */
  String PLUGGED = "cacerts";

  /** The CA that the first control plane made by itself. */
  String SELF_SIGNED = "istio-ca-secret";

  /**
   * Reads the secret of that name.
   *
   * @throws IOException where the store gave no answer
   */
  Optional<CaEntries> load(String name) throws IOException;

  /**
   * Writes the secret unless there is one, and returns what the store holds afterwards: another
   * replica may have been first, and then its CA counts.
   *
   * @throws IOException where the store gave no answer
   */
  CaEntries createIfAbsent(String name, CaEntries entries) throws IOException;
}
