package dev.weft.runtime;

/** How the other side's certificate is verified. */
public sealed interface PeerTrust {
  /** What is asked of it beside a root. */
  PeerRules rules();

  /** Not at all: no client certificate is asked for, or any server is accepted. */
  record None() implements PeerTrust {
    @Override
    public PeerRules rules() {
      return PeerRules.NONE;
    }
  }

  /**
   * Against the mesh roots or another secret.
   *
   * @param rootSecret {@code ROOTCA} for the mesh's trust bundle
   */
  record Secret(String rootSecret, PeerRules rules) implements PeerTrust {}

  /** Against a file of PEM roots, such as the system's. */
  record File(String path, PeerRules rules) implements PeerTrust {}
}
