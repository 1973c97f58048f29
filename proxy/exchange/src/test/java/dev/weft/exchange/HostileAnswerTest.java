package dev.weft.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Corpus;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged answers of authorizers, and damaged certificates of peers. */
class HostileAnswerTest {
  @Test
  void an_authorizer_allows_denies_or_fails() {
    FieldList good = new FieldList(List.of(new FieldList.Field("grpc-status", "0")));
    Corpus.of("check-response")
        .torture(
            Set.of(),
            input ->
                assertThat(
                        GrpcCheck.verdict(
                            new Call.Answered(200, new FieldList(List.of()), input, good)))
                    .isNotNull());
  }

  @Test
  void a_certificate_that_can_be_read_has_names() throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Corpus.of("certificate")
        .torture(
            Set.of(CertificateException.class),
            input -> {
              if (factory.generateCertificate(new ByteArrayInputStream(input))
                  instanceof X509Certificate certificate) {
                PeerCertificate peer = PeerCertificate.of(certificate);
                assertThat(peer.names()).isNotNull();
                assertThat(peer.isFor("shop.example.com")).isIn(true, false);
              }
            });
  }
}
