package dev.weft.console.api;

/**
 * A certificate; never a key.
 *
 * @param cluster where it is used; empty for what the whole mesh has
 * @param identity the SPIFFE URI, or the first host name, that it is for; may be empty
 * @param serial in hexadecimal
 * @param algorithm of its key, such as {@code EC 256}
 * @param renewal when another one is expected; empty if the mesh does not renew it
 * @param secret where it is kept; empty where it is not
 */
public record CertificateView(
    CertificateRole role,
    String cluster,
    String subject,
    String identity,
    String serial,
    String algorithm,
    String notBefore,
    String notAfter,
    String issuer,
    String renewal,
    String secret) {

  /** What it is for. */
  public enum CertificateRole {
    ROOT("root"),
    INTERMEDIATE("intermediate"),
    WORKLOAD("workload"),
    GATEWAY("gateway"),
    WEBHOOK("webhook");

    private final String word;

    CertificateRole(String word) {
      this.word = word;
    }

    /** As JSON has it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
