package dev.weft.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weft.identity.CertificateAuthority.Answer;
import dev.weft.identity.WorkloadCertificates.KeyKind;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a loop whose time stands still until it is moved. */
class WorkloadCertificatesTest {
  private static final String URI = "spiffe://cluster.local/ns/shop/sa/web";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LIFE = Duration.ofHours(24);

  /** Both have the same name, as self-signed roots of two installations do. */
  private final Root before = new Root();

  private final Root after = new Root();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<X509Certificate> sent = new ArrayList<>();
  private Root signer = before;
  private int asked;

  @TempDir Path directory;
  private Path file;
  private WorkloadCertificates certificates;

  @BeforeEach
  void start() throws IOException {
    channel.freezeTime();
    file = directory.resolve("root-cert.pem");
    bundle(before);
    sent.add(before.certificate);
    certificates =
        new WorkloadCertificates(
            channel.eventLoop(),
            (request, seconds, withToken, answer) -> {
              asked++;
              answer.accept(signed(request));
            },
            new RootFile(file),
            URI,
            KeyKind.EC_P256,
            LIFE,
            () -> NOW,
            new SplittableRandom(1));
    certificates.start();
    pass(Duration.ZERO);
  }

  @AfterEach
  void stop() {
    channel.close();
  }

  @Test
  void a_root_of_the_file_is_trusted_as_soon_as_it_is_there_and_no_longer() throws IOException {
    assertThat(identity().roots()).containsExactly(before.certificate);

    bundle(before, after);
    pass(Duration.ofSeconds(5));
    assertThat(identity().roots()).containsExactly(before.certificate, after.certificate);

    signer = after;
    sent.add(after.certificate);
    certificates.renew();
    pass(Duration.ZERO);
    assertThatCode(() -> identity().leaf().verify(after.certificate.getPublicKey()))
        .doesNotThrowAnyException();
    assertThat(identity().roots()).containsExactly(before.certificate, after.certificate);

    bundle(after);
    pass(Duration.ofSeconds(5));
    assertThat(identity().roots()).containsExactly(after.certificate);
  }

  @Test
  void the_root_of_the_own_certificate_is_trusted_before_the_file_has_it() {
    signer = after;
    sent.add(after.certificate);
    certificates.renew();
    pass(Duration.ZERO);
    assertThat(identity().roots()).containsExactly(before.certificate, after.certificate);
  }

  @Test
  void a_renewal_out_of_turn_takes_the_place_of_the_planned_one() {
    assertThat(asked).isEqualTo(1);
    pass(LIFE.dividedBy(4));
    certificates.renew();
    pass(Duration.ZERO);
    assertThat(asked).isEqualTo(2);

    // Where the first one was planned.
    pass(LIFE.dividedBy(4).plus(Duration.ofMinutes(30)));
    assertThat(asked).isEqualTo(2);
    pass(LIFE.dividedBy(4));
    assertThat(asked).isEqualTo(3);
  }

  private WorkloadIdentity identity() {
    return Objects.requireNonNull(certificates.current());
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }

  private void bundle(Root... roots) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Root root : roots) {
      text.append(pem(root.certificate));
    }
    Files.writeString(file, text);
  }

  private Answer signed(String request) {
    try (PEMParser parser = new PEMParser(new StringReader(request))) {
      PublicKey key =
          new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject())
              .getPublicKey();
      List<String> chain = new ArrayList<>(List.of(pem(signer.sign(key, "CN=leaf"))));
      sent.forEach(root -> chain.add(pem(root)));
      return new Answer.Signed(chain);
    } catch (Exception e) {
      return new Answer.Failed(e.toString(), false);
    }
  }

  private static String pem(X509Certificate certificate) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return text.toString();
  }

  private static final class Root {
    private final KeyPair keys;
    private final X509Certificate certificate;

    Root() {
      try {
        keys = KeyKind.EC_P256.generate();
        certificate = sign(keys.getPublic(), "CN=root");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    X509Certificate sign(PublicKey key, String subject) throws Exception {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new JcaX509v3CertificateBuilder(
                      new X500Name("CN=root"),
                      BigInteger.valueOf(System.nanoTime()),
                      Date.from(NOW),
                      Date.from(NOW.plus(LIFE)),
                      new X500Name(subject),
                      key)
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }
  }
}
