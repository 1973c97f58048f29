package dev.weft.identity;

import java.util.function.Consumer;

/** Signs certificate requests. */
@FunctionalInterface
public interface CertificateAuthority {
  /**
   * Asks for a certificate.
   *
   * @param requestPem a PKCS #10 request
   * @param seconds how long it should be valid; the authority may give less
   * @param withToken true: the service account's token says who asks; false: the certificate in
   *     force does
   * @param answer called once, on the caller's loop
   */
  void sign(String requestPem, long seconds, boolean withToken, Consumer<Answer> answer);

  /** What came back. */
  sealed interface Answer {
    /**
     * A certificate.
     *
     * @param chainPem leaf first, root last
     */
    record Signed(java.util.List<String> chainPem) implements Answer {}

    /**
     * None.
     *
     * @param refused true: the authority did not accept who asked
     */
    record Failed(String reason, boolean refused) implements Answer {}
  }
}
