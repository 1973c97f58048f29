package dev.weft.runtime;

import dev.weft.routing.StringMatch;
import java.util.List;

/**
 * What is asked of the other side's certificate beside a root.
 *
 * @param subjectNames one URI, DNS or IP name of the certificate must match one of these; empty:
 *     any name will do
 * @param spki SHA-256 of the certificate's public key, base64
 * @param hashes SHA-256 of the certificate, in lower-case hexadecimal digits; where there are keys
 *     or hashes, one of either has to be the certificate's
 * @param revoked a file of PEM revocation lists; empty: none
 */
public record PeerRules(
    List<StringMatch> subjectNames, List<String> spki, List<String> hashes, String revoked) {
  public static final PeerRules NONE = new PeerRules(List.of(), List.of(), List.of(), "");

  public PeerRules {
    subjectNames = List.copyOf(subjectNames);
    spki = List.copyOf(spki);
    hashes = List.copyOf(hashes);
  }

  /** One of these names; of none, any. */
  public static PeerRules names(List<StringMatch> subjectNames) {
    return new PeerRules(subjectNames, List.of(), List.of(), "");
  }

  /** Whether only certain certificates will do. */
  public boolean pinned() {
    return !spki.isEmpty() || !hashes.isEmpty();
  }
}
