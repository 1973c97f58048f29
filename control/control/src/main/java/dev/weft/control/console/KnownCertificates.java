package dev.weft.control.console;

import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.CertificateFacts;
import dev.weft.ca.IssuedCertificates;
import dev.weft.ca.Pem;
import dev.weft.ca.ServingIdentity;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.console.CertificateBook;
import dev.weft.console.api.CertificateView;
import dev.weft.console.api.CertificateView.CertificateRole;
import dev.weft.snapshot.MeshSnapshot;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of the mesh, as the console shows them: the CA's, those of workloads that this
 * replica issued, its own, and those of gateways. Empty until there is a CA. Thread-safe.
 */
public final class KnownCertificates implements CertificateBook {
  private final Supplier<MeshSnapshot> snapshot;
  private volatile @Nullable Sources sources;

  /**
   * Where certificates are made.
   *
   * @param authority the CA of the moment
   * @param issued to workloads
   * @param serving this control plane's own
   */
  public record Sources(
      Supplier<CertificateAuthority> authority,
      IssuedCertificates issued,
      ServingIdentity serving) {}

  public KnownCertificates(Supplier<MeshSnapshot> snapshot) {
    this.snapshot = snapshot;
  }

  /** There is a CA now. */
  public void from(Sources made) {
    sources = made;
  }

  @Override
  public List<CertificateView> certificates() {
    List<CertificateView> views = new ArrayList<>();
    Sources now = sources;
    if (now != null) {
      CertificateAuthority ca = now.authority().get();
      ca.roots().forEach(c -> views.add(view(CertificateRole.ROOT, "", c, "", "")));
      ca.intermediates().forEach(c -> views.add(view(CertificateRole.INTERMEDIATE, "", c, "", "")));
      views.add(
          view(
              CertificateRole.WEBHOOK,
              "",
              now.serving().current().leaf(),
              half(now.serving().current().leaf()),
              ""));
    }
    snapshot.get().credentials().forEach((key, credential) -> gateway(key, credential, views));
    if (now != null) {
      now.issued().valid().forEach(issued -> views.add(workload(issued)));
    }
    return views;
  }

  private static void gateway(
      CredentialKey key, Credential credential, List<CertificateView> views) {
    if (credential.content() instanceof Credential.Content.KeyPair(String chain, String unused)) {
      views.add(
          view(
              CertificateRole.GATEWAY,
              key.cluster().value(),
              Pem.certificates(key.toString(), chain).getFirst(),
              "",
              key.namespace() + "/" + key.name()));
    }
  }

  private static CertificateView workload(IssuedCertificates.Issued issued) {
    CertificateFacts facts = issued.certificate();
    return view(
        CertificateRole.WORKLOAD,
        issued.cluster().value(),
        facts,
        half(facts.notBefore(), facts.notAfter()),
        "");
  }

  /** Proxies renew at half of the time (Istio: SECRET_GRACE_PERIOD_RATIO), and so do we. */
  private static String half(X509Certificate certificate) {
    return half(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  private static String half(Instant from, Instant to) {
    return from.plus(Duration.between(from, to).dividedBy(2)).toString();
  }

  private static CertificateView view(
      CertificateRole role,
      String cluster,
      X509Certificate certificate,
      String renewal,
      String secret) {
    return view(role, cluster, CertificateFacts.of(certificate), renewal, secret);
  }

  private static CertificateView view(
      CertificateRole role, String cluster, CertificateFacts facts, String renewal, String secret) {
    return new CertificateView(
        role,
        cluster,
        facts.subject(),
        facts.identity(),
        facts.serial(),
        facts.algorithm(),
        facts.notBefore().toString(),
        facts.notAfter().toString(),
        facts.issuer(),
        renewal,
        secret);
  }
}
