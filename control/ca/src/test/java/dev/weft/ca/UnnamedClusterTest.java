package dev.weft.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Callers that do not say which cluster they are of: istioctl is one. */
class UnnamedClusterTest {
  private static final ClusterId OWN = new ClusterId("west");
  private static final TrustDomain DOMAIN = new TrustDomain("cluster.local");
  private static final InstantSource CLOCK = InstantSource.system();
  private static final SpiffeId TOOL = new SpiffeId(DOMAIN, "istio-system", "default");

  private final List<String> asked = new ArrayList<>();

  private TokenReviewer reviewer(String name) {
    return token -> {
      asked.add(name);
      return token.secret().equals("good")
          ? new TokenReview.Accepted("istio-system", "default", "")
          : new TokenReview.Rejected("it is not known");
    };
  }

  private Authentication authenticate(UnnamedCluster unnamed, String token, String cluster) {
    return authenticator(unnamed)
        .authenticate(
            new Credentials(
                List.of(), BearerToken.ofHeader("Bearer " + token).orElseThrow(), cluster));
  }

  private MeshAuthenticator authenticator(UnnamedCluster unnamed) {
    return new MeshAuthenticator(
        DOMAIN,
        cluster -> Optional.of(reviewer(cluster.value())),
        new TokenReviewCache(Duration.ofSeconds(30), CLOCK),
        unnamed);
  }

  @Test
  void token_is_shown_to_the_control_planes_own_cluster() {
    assertThat(authenticate(new UnnamedCluster.Own(OWN), "good", ""))
        .isEqualTo(
            new Authentication.Authenticated(
                new Caller(TOOL, OWN), new Authentication.Proof.ReviewedToken("")));
    assertThat(asked).containsExactly("west");
  }

  @Test
  void hosted_control_plane_lets_whom_the_config_api_knows_look() {
    UnnamedCluster config = new UnnamedCluster.ConfigApi(reviewer("the config API"));
    assertThat(authenticate(config, "good", "")).isEqualTo(new Authentication.Visiting(TOOL));
    assertThat(authenticate(config, "bad", ""))
        .isInstanceOfSatisfying(
            Authentication.Refused.class,
            refused -> assertThat(refused.reason()).contains("clusterid", "it is not known"));
    assertThat(asked).containsExactly("the config API", "the config API");
  }

  @Test
  void token_of_a_named_cluster_is_shown_to_that_one_alone() {
    assertThat(
            authenticate(new UnnamedCluster.ConfigApi(reviewer("the config API")), "good", "east"))
        .isInstanceOf(Authentication.Authenticated.class);
    assertThat(asked).containsExactly("east");
  }

  @Test
  void nobody_is_asked_where_nobody_stands_in() {
    assertThat(authenticate(new UnnamedCluster.None(), "good", ""))
        .isInstanceOf(Authentication.Refused.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void certificate_names_its_cluster_itself() throws Exception {
    CertificateAuthority authority =
        CertificateAuthority.obtain(
            new Certificates.MemoryStore(), CaSettings.of(DOMAIN), CLOCK, new SecureRandom());
    List<X509Certificate> chain =
        authority.sign(
            CertificateRequest.parse(Certificates.csr(Certificates.ec("secp256r1"))),
            new Caller(TOOL, OWN),
            Duration.ofMinutes(5));
    assertThat(
            authenticator(new UnnamedCluster.None()).authenticate(new Credentials(chain, null, "")))
        .isEqualTo(
            new Authentication.Authenticated(
                new Caller(TOOL, OWN), new Authentication.Proof.Certificate()));
  }
}
