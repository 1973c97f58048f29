package dev.weft.config;

/**
 * What was found under a {@link CredentialKey}. Its text shows nothing of a key.
 *
 * @param problem why it cannot be used, in words that end a sentence; empty where it can
 */
public record Credential(Content content, String problem) {

  /** PEM. */
  public sealed interface Content {
    /** What a server shows. */
    record KeyPair(String chain, String key) implements Content {
      @Override
      public String toString() {
        return "KeyPair[redacted]";
      }
    }

    /**
     * What client certificates are verified against.
     *
     * @param revoked revocation lists; empty for none
     */
    record Roots(String roots, String revoked) implements Content {
      @Override
      public String toString() {
        return "Roots[" + roots.length() + " characters]";
      }
    }

    /** Nothing that could be used. */
    record None() implements Content {}
  }

  public static Credential missing(String problem) {
    return new Credential(new Content.None(), problem);
  }

  public boolean usable() {
    return !(content instanceof Content.None);
  }
}
