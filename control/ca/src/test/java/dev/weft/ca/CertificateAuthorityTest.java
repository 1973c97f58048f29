package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));
  private static final SpiffeId SLEEP =
      SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep").orElseThrow();
  private static final KeyPair KEYS = Certificates.ec("secp256r1");

  private static CertificateAuthority authority(CaSettings settings) {
    return new CertificateAuthority(
        CertificateAuthority.selfSigned(settings, NOW, new SecureRandom()),
        settings,
        CLOCK,
        new SecureRandom());
  }

  private static List<X509Certificate> sign(CertificateAuthority ca, Duration ttl) {
    return ca.sign(
        CertificateRequest.parse(Certificates.csr(KEYS)),
        new Caller(SLEEP, new ClusterId("cluster1")),
        ttl);
  }

  private static void verify(List<X509Certificate> chain, X509Certificate root, Instant at)
      throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(chain.subList(0, chain.size() - 1)),
            parameters);
  }

  @Test
  void a_leaf_carries_the_authenticated_identity_and_nothing_of_the_request_but_its_key()
      throws GeneralSecurityException {
    List<X509Certificate> chain = sign(authority(SETTINGS), Duration.ZERO);

    X509Certificate leaf = chain.getFirst();
    assertThat(leaf.getSubjectAlternativeNames())
        .containsExactly(List.of(6, "spiffe://cluster.local/ns/default/sa/sleep"));
    assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
    assertThat(leaf.getPublicKey()).isEqualTo(KEYS.getPublic());
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(2)));
    assertThat(leaf.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(24)));
    assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
  }

  /** {@code x509: malformed extension OID field}, says Go of larger ones, whatever they are for. */
  @Test
  void every_extension_can_be_read_by_go() throws GeneralSecurityException {
    X509Certificate leaf = sign(authority(SETTINGS), Duration.ZERO).getFirst();

    assertThat(ClusterStamp.of(leaf)).isPresent();
    assertThat(leaf.getCriticalExtensionOIDs()).isNotEmpty();
    Stream.concat(
            leaf.getCriticalExtensionOIDs().stream(), leaf.getNonCriticalExtensionOIDs().stream())
        .flatMap(oid -> Stream.of(oid.split("\\.")))
        .forEach(arc -> assertThat(new BigInteger(arc)).isLessThan(BigInteger.TWO.pow(31)));
  }

  @Test
  void the_chain_verifies_within_its_time_and_neither_before_nor_after()
      throws GeneralSecurityException {
    List<X509Certificate> chain = sign(authority(SETTINGS), Duration.ofHours(1));
    X509Certificate root = chain.getLast();

    verify(chain, root, NOW);
    verify(chain, root, NOW.minusSeconds(119));
    verify(chain, root, NOW.plusSeconds(3600));
    assertThatThrownBy(() -> verify(chain, root, NOW.minusSeconds(121)))
        .isInstanceOf(CertPathValidatorException.class);
    assertThatThrownBy(() -> verify(chain, root, NOW.plusSeconds(3601)))
        .isInstanceOf(CertPathValidatorException.class)
        .hasMessageContaining("validity");
    assertThatThrownBy(() -> verify(chain, authority(SETTINGS).roots().getFirst(), NOW))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void nobody_gets_a_longer_certificate_than_the_longest_nor_one_longer_than_the_ca() {
    CaSettings shortLived = SETTINGS.withWorkloadTtl(Duration.ofSeconds(60));
    assertThat(sign(authority(shortLived), Duration.ofHours(24)).getFirst().getNotAfter())
        .isEqualTo(Date.from(NOW.plusSeconds(60)));

    CaSettings shortRoot =
        new CaSettings(
            SETTINGS.trustDomain(),
            Duration.ofHours(24),
            Duration.ofDays(90),
            Duration.ofDays(30),
            Duration.ofHours(2),
            Duration.ofMinutes(2));
    assertThat(sign(authority(shortRoot), Duration.ZERO).getFirst().getNotAfter())
        .isEqualTo(Date.from(NOW.plus(Duration.ofHours(2))));
    assertThatThrownBy(() -> sign(authority(SETTINGS), Duration.ofSeconds(-1)))
        .hasMessageContaining("validity_duration");
  }

  @Test
  void a_short_lived_certificate_is_not_half_over_when_it_begins() {
    X509Certificate leaf = sign(authority(SETTINGS), Duration.ofSeconds(40)).getFirst();
    assertThat(leaf.getNotBefore().toInstant()).isEqualTo(NOW.minusSeconds(10));
  }

  @Test
  void serial_numbers_differ_and_are_positive() {
    CertificateAuthority ca = authority(SETTINGS);
    X509Certificate one = sign(ca, Duration.ZERO).getFirst();
    X509Certificate two = sign(ca, Duration.ZERO).getFirst();
    assertThat(one.getSerialNumber()).isNotEqualTo(two.getSerialNumber()).isPositive();
  }

  @Test
  void a_plugged_intermediate_sends_leaf_intermediate_root() throws GeneralSecurityException {
    SigningIdentity plugged = Certificates.intermediate(SETTINGS, NOW);
    CertificateAuthority ca =
        new CertificateAuthority(plugged, SETTINGS, CLOCK, new SecureRandom());

    List<X509Certificate> chain = sign(ca, Duration.ZERO);

    assertThat(chain).hasSize(3).endsWith(plugged.certificate(), plugged.roots().getFirst());
    verify(chain, plugged.roots().getFirst(), NOW);
  }

  @Test
  void a_control_plane_that_comes_back_has_the_same_root() throws IOException {
    Certificates.MemoryStore store = new Certificates.MemoryStore();
    CertificateAuthority first =
        CertificateAuthority.obtain(store, SETTINGS, CLOCK, new SecureRandom());
    CertificateAuthority second =
        CertificateAuthority.obtain(store, SETTINGS, CLOCK, new SecureRandom());
    assertThat(second.roots()).isEqualTo(first.roots());
    assertThat(store.load(CaStore.SELF_SIGNED).orElseThrow().pem())
        .containsOnlyKeys("ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem");
  }

  @Test
  void the_replica_that_wrote_second_takes_the_root_of_the_first() throws IOException {
    Certificates.MemoryStore store = new Certificates.MemoryStore();
    SigningIdentity winner = CertificateAuthority.selfSigned(SETTINGS, NOW, new SecureRandom());
    CaStore race =
        new CaStore() {
          @Override
          public Optional<CaEntries> load(String name) {
            return Optional.empty();
          }

          @Override
          public CaEntries createIfAbsent(String name, CaEntries entries) {
            store.createIfAbsent(name, winner.entries());
            return store.createIfAbsent(name, entries);
          }
        };
    assertThat(CertificateAuthority.obtain(race, SETTINGS, CLOCK, new SecureRandom()).roots())
        .isEqualTo(winner.roots());
  }

  @Test
  void a_plugged_ca_wins_in_both_spellings() throws IOException {
    SigningIdentity plugged = Certificates.intermediate(SETTINGS, NOW);
    Certificates.MemoryStore store = new Certificates.MemoryStore();
    store.createIfAbsent(CaStore.PLUGGED, plugged.entries());
    assertThat(CertificateAuthority.obtain(store, SETTINGS, CLOCK, new SecureRandom()).roots())
        .isEqualTo(plugged.roots());

    TreeMap<String, String> tls = new TreeMap<>();
    tls.put("tls.crt", plugged.entries().pem().get("ca-cert.pem"));
    tls.put("tls.key", plugged.entries().pem().get("ca-key.pem"));
    tls.put("ca.crt", plugged.entries().pem().get("root-cert.pem"));
    store.secrets.put(CaStore.PLUGGED, new CaEntries(tls));
    assertThat(CertificateAuthority.obtain(store, SETTINGS, CLOCK, new SecureRandom()).roots())
        .isEqualTo(plugged.roots());
  }

  record Broken(String name, Consumer<TreeMap<String, String>> how, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Broken> brokenSecrets() {
    SigningIdentity other = CertificateAuthority.selfSigned(SETTINGS, NOW, new SecureRandom());
    X509Certificate leaf = sign(authority(SETTINGS), Duration.ZERO).getFirst();
    return Stream.of(
        new Broken(
            "no key", m -> m.remove("ca-key.pem"), "secret cacerts lacks the entry ca-key.pem"),
        new Broken("no cert", m -> m.remove("ca-cert.pem"), "lacks the entry ca-cert.pem"),
        new Broken(
            "foreign key",
            m -> m.put("ca-key.pem", Pem.of(other.key())),
            "entry ca-key.pem of secret cacerts is not the key of ca-cert.pem"),
        new Broken(
            "foreign root",
            m -> m.put("root-cert.pem", Pem.of(other.roots())),
            "does not lead to root-cert.pem"),
        new Broken("a leaf", m -> m.put("ca-cert.pem", Pem.of(leaf)), "is not a CA certificate"),
        new Broken(
            "garbage", m -> m.put("ca-cert.pem", "hello"), "has no PEM block 'CERTIFICATE'"));
  }

  @ParameterizedTest
  @MethodSource("brokenSecrets")
  void a_broken_secret_is_refused_by_entry(Broken broken) {
    TreeMap<String, String> pem =
        new TreeMap<>(Certificates.intermediate(SETTINGS, NOW).entries().pem());
    broken.how().accept(pem);
    assertThatThrownBy(() -> SigningIdentity.parse("cacerts", new CaEntries(pem), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(broken.says());
  }

  @Test
  void an_expired_ca_is_refused_with_its_date() {
    CaEntries entries = Certificates.intermediate(SETTINGS, NOW).entries();
    assertThatThrownBy(
            () -> SigningIdentity.parse("cacerts", entries, NOW.plus(Duration.ofDays(31))))
        .hasMessageContaining("expired at 2026-03-31T12:00:00Z");
  }

  @Test
  void a_serving_certificate_names_hosts_and_addresses() throws GeneralSecurityException {
    CertifiedKey serving =
        authority(SETTINGS)
            .serve(
                ServingCertificate.hosts(
                    "istiod-canary", "mesh", List.of("172.18.0.200", "mesh.test")));
    assertThat(serving.leaf().getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "istiod.istio-system.svc"),
            List.of(2, "istiod.istio-system"),
            List.of(2, "istiod.istio-system.svc.cluster.local"),
            List.of(2, "istiod-canary.mesh.svc"),
            List.of(2, "istiod-canary.mesh"),
            List.of(2, "istiod-canary.mesh.svc.cluster.local"),
            List.of(7, "172.18.0.200"),
            List.of(2, "mesh.test"));
  }

  @Test
  void nothing_secret_is_printed() {
    SigningIdentity identity = CertificateAuthority.selfSigned(SETTINGS, NOW, new SecureRandom());
    assertThat(identity.entries().toString()).doesNotContain("PRIVATE");
    assertThat(identity.toString()).doesNotContain("key=");
    assertThat(new BearerToken("very-secret").toString()).doesNotContain("very-secret");
  }
}
