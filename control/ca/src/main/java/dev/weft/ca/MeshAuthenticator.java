package dev.weft.ca;

import dev.weft.ca.Authentication.Authenticated;
import dev.weft.ca.Authentication.Proof;
import dev.weft.ca.Authentication.Refused;
import dev.weft.ca.Authentication.Unavailable;
import dev.weft.ca.Authentication.Visiting;
import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chain of authenticators: the certificate of the connection first, so that renewal goes on
 * while a member cluster's API server is away, then the token, reviewed in the cluster that the
 * header {@code clusterid} names. Where there is no such header, a certificate is of the cluster
 * that it was issued to, and a token is reviewed as {@link UnnamedCluster} says.
 */
public final class MeshAuthenticator implements Authenticator {
  private static final int URI_NAME = 6;

  private final TrustDomain trustDomain;
  private final TokenReview.Directory reviewers;
  private final TokenReviewCache cache;
  private final UnnamedCluster unnamed;

  /** One that takes no token of a caller that names no cluster. */
  public MeshAuthenticator(
      TrustDomain trustDomain, TokenReview.Directory reviewers, TokenReviewCache cache) {
    this(trustDomain, reviewers, cache, new UnnamedCluster.None());
  }

  /**
   * @param cache remembers what API servers said, for less than a minute
   * @param unnamed who is asked about tokens of callers that name no cluster
   */
  public MeshAuthenticator(
      TrustDomain trustDomain,
      TokenReview.Directory reviewers,
      TokenReviewCache cache,
      UnnamedCluster unnamed) {
    this.trustDomain = trustDomain;
    this.reviewers = reviewers;
    this.cache = cache;
    this.unnamed = unnamed;
  }

  @Override
  public Authentication authenticate(Credentials credentials) {
    BearerToken token = credentials.token();
    if (credentials.peerChain().isEmpty() && token == null) {
      return new Refused(
          "neither a client certificate of this mesh nor an 'authorization: Bearer' token was"
              + " sent");
    }
    Optional<ClusterId> cluster = Optional.empty();
    if (!credentials.cluster().isEmpty()) {
      try {
        cluster = Optional.of(ClusterId.of(credentials.cluster()));
      } catch (IllegalArgumentException e) {
        return new Refused(
            "the header 'clusterid' is not the name of a cluster: " + e.getMessage());
      }
    }
    if (!credentials.peerChain().isEmpty()) {
      Authentication byCertificate = ofCertificate(credentials.peerChain().getFirst(), cluster);
      if (byCertificate instanceof Authenticated || token == null) {
        return byCertificate;
      }
    }
    if (token == null) {
      return new Refused("no token was sent");
    }
    return cluster.isPresent() ? ofToken(token, cluster.get()) : ofToken(token);
  }

  private Authentication ofCertificate(X509Certificate leaf, Optional<ClusterId> cluster) {
    @Nullable Collection<List<?>> names;
    try {
      names = leaf.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return new Refused("the client certificate has alternative names that cannot be read");
    }
    if (names == null) {
      return new Refused("the client certificate has no SPIFFE id");
    }
    List<String> uris =
        names.stream()
            .filter(n -> n.getFirst() instanceof Integer type && type == URI_NAME)
            .map(n -> String.valueOf(n.get(1)))
            .toList();
    // X.509-SVID, section 2: exactly one URI.
    if (uris.size() != 1) {
      return new Refused(
          "the client certificate has " + uris.size() + " URI names where a SPIFFE id is one");
    }
    Optional<SpiffeId> id = SpiffeId.parse(uris.getFirst());
    if (id.isEmpty()) {
      return new Refused("the client certificate names '" + uris.getFirst() + "', no SPIFFE id");
    }
    if (!id.get().trustDomain().equals(trustDomain)) {
      return new Refused(
          "the client certificate is of trust domain '"
              + id.get().trustDomain()
              + "', this mesh is '"
              + trustDomain
              + "'");
    }
    Optional<ClusterId> issuedTo = ClusterStamp.of(leaf);
    if (issuedTo.isEmpty()) {
      return new Refused(
          "the client certificate does not say which cluster it was issued to: send a token, too");
    }
    if (cluster.isPresent() && !cluster.equals(issuedTo)) {
      return new Refused(
          "the header 'clusterid' names cluster '"
              + cluster.get()
              + "', but the client certificate was issued to cluster '"
              + issuedTo.get()
              + "'");
    }
    return new Authenticated(new Caller(id.get(), issuedTo.get()), new Proof.Certificate());
  }

  /** The bearer names no cluster. */
  private Authentication ofToken(BearerToken token) {
    return switch (unnamed) {
      case UnnamedCluster.Own(ClusterId own) -> ofToken(token, own);
      case UnnamedCluster.ConfigApi(TokenReviewer reviewer) ->
          switch (cache.ofConfigApi(token, reviewer)) {
            case TokenReview.Accepted a ->
                new Visiting(new SpiffeId(trustDomain, a.namespace(), a.serviceAccount()));
            case TokenReview.Rejected r ->
                new Refused(
                    "the header 'clusterid' is missing, and the config API does not accept the"
                        + " token: "
                        + r.reason());
            case TokenReview.Unanswered u ->
                new Unavailable("the config API cannot be asked about the token: " + u.reason());
          };
      case UnnamedCluster.None none ->
          new Refused("the header 'clusterid' is missing: it names the caller's cluster");
    };
  }

  private Authentication ofToken(BearerToken token, ClusterId cluster) {
    Optional<TokenReviewer> reviewer = reviewers.reviewer(cluster);
    if (reviewer.isEmpty()) {
      return new Refused(
          "cluster '"
              + cluster
              + "' is not a member of this mesh: add its remote secret, or correct"
              + " ISTIO_META_CLUSTER_ID of the proxy");
    }
    return switch (cache.review(cluster, token, reviewer.get())) {
      case TokenReview.Accepted a ->
          new Authenticated(
              new Caller(new SpiffeId(trustDomain, a.namespace(), a.serviceAccount()), cluster),
              new Proof.ReviewedToken(a.pod()));
      case TokenReview.Rejected r ->
          new Refused("cluster '" + cluster + "' does not accept the token: " + r.reason());
      case TokenReview.Unanswered u ->
          new Unavailable(
              "the API server of cluster '"
                  + cluster
                  + "' cannot be asked about the token: "
                  + u.reason());
    };
  }
}
