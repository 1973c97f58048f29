package dev.weft.runtime;

import dev.weft.routing.StringMatch;
import java.util.List;

/** How the other side's certificate is verified. */
public sealed interface PeerTrust {
  /** Not at all: no client certificate is asked for, or any server is accepted. */
  record None() implements PeerTrust {}

  /**
   * Against the mesh roots or another secret.
   *
   * @param rootSecret {@code ROOTCA} for the mesh's trust bundle
   * @param subjectNames one URI, DNS or IP name of the certificate must match one of these; empty:
   *     any name will do
   */
  record Secret(String rootSecret, List<StringMatch> subjectNames) implements PeerTrust {
    public Secret {
      subjectNames = List.copyOf(subjectNames);
    }
  }

  /** Against a file of PEM roots, such as the system's. */
  record File(String path, List<StringMatch> subjectNames) implements PeerTrust {
    public File {
      subjectNames = List.copyOf(subjectNames);
    }
  }
}
