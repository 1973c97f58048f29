package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.types.TrustDomain;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CurrentAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final CaSettings SETTINGS = CaSettings.of(new TrustDomain("cluster.local"));

  private final Certificates.MemoryStore store = new Certificates.MemoryStore();
  private final List<CertificateAuthority> told = new ArrayList<>();
  private CurrentAuthority authority;

  @BeforeEach
  void start() throws IOException {
    authority =
        CurrentAuthority.obtain(store, SETTINGS, InstantSource.fixed(NOW), new SecureRandom());
    authority.onChange(told::add);
  }

  private SigningIdentity plug() throws IOException {
    SigningIdentity identity = Certificates.intermediate(SETTINGS, NOW);
    store.secrets.put(CaStore.PLUGGED, identity.entries());
    return identity;
  }

  @Test
  void a_ca_plugged_in_while_the_mesh_runs_signs_and_its_roots_are_trusted() throws IOException {
    ServingCertificate serving =
        new ServingCertificate(
            authority, List.of("istiod.istio-system.svc"), InstantSource.fixed(NOW));
    SigningIdentity plugged = plug();
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(plugged.roots());
    assertThat(told).containsExactly(authority.get());

    serving.renew();
    assertThat(serving.current().chain()).contains(plugged.certificate());
    assertThat(serving.current().roots()).isEqualTo(plugged.roots());
    authority.check();
    assertThat(told).hasSize(1);
  }

  @Test
  void one_that_cannot_be_used_leaves_the_one_before_in_force_until_it_is_mended()
      throws IOException {
    SigningIdentity good = plug();
    authority.check();
    TreeMap<String, String> broken = new TreeMap<>(good.entries().pem());
    broken.remove(CaEntries.KEY);
    store.secrets.put(CaStore.PLUGGED, new CaEntries(broken));
    assertThatThrownBy(() -> authority.check())
        .hasMessage("secret cacerts lacks the entry ca-key.pem");
    assertThat(authority.get().roots()).isEqualTo(good.roots());

    SigningIdentity mended = plug();
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(mended.roots());
  }

  @Test
  void one_that_is_replaced_by_deleting_and_creating_is_never_without() throws IOException {
    SigningIdentity first = plug();
    authority.check();
    store.secrets.remove(CaStore.PLUGGED);
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(first.roots());
    SigningIdentity second = plug();
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(second.roots());
  }

  @Test
  void one_that_stays_away_gives_way_to_the_meshs_own() throws IOException {
    List<?> own = authority.get().roots();
    SigningIdentity ignored = plug();
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(ignored.roots());
    store.secrets.remove(CaStore.PLUGGED);
    authority.check();
    authority.check();
    assertThat(authority.get().roots()).isEqualTo(own);
  }

  @Test
  void the_meshs_own_is_written_again_where_somebody_deleted_it() throws IOException {
    CaEntries own = store.secrets.get(CaStore.SELF_SIGNED);
    store.secrets.clear();
    authority.check();
    assertThat(store.secrets.get(CaStore.SELF_SIGNED)).isEqualTo(own);
    assertThat(told).isEmpty();
  }

  @Test
  void the_old_root_stays_trusted_while_both_are_in_the_secret() throws IOException {
    SigningIdentity old = plug();
    SigningIdentity next = Certificates.intermediate(SETTINGS, NOW);
    TreeMap<String, String> both = new TreeMap<>(next.entries().pem());
    both.put(CaEntries.ROOT, Pem.of(old.roots()) + Pem.of(next.roots()));
    store.secrets.put(CaStore.PLUGGED, new CaEntries(both));
    authority.check();
    assertThat(authority.get().roots())
        .containsExactly(old.roots().getFirst(), next.roots().getFirst());
    CertifiedKey serving = authority.get().serve(List.of("istiod.istio-system.svc"));
    assertThat(serving.chain()).endsWith(next.certificate());
    assertThat(serving.roots()).hasSize(2);
  }

  @Test
  void other_lifetimes_leave_keys_and_roots_as_they_are() {
    List<?> before = authority.get().roots();
    authority.become(SETTINGS.withWorkloadTtl(Duration.ofMinutes(5)));
    assertThat(authority.get().settings().workloadTtl()).isEqualTo(Duration.ofMinutes(5));
    assertThat(authority.get().roots()).isEqualTo(before);
    assertThat(told).isEmpty();
  }
}
