package dev.weft.config;

import java.time.Duration;
import java.util.List;

/**
 * Which tokens (JWT, RFC 7519) of requests are verified. {@code security.istio.io
 * RequestAuthentication}.
 */
public record RequestAuthentication(ObjectMeta meta, PolicyTarget target, List<JwtRule> rules)
    implements ConfigObject {
  public RequestAuthentication {
    rules = List.copyOf(rules);
  }

  /**
   * Tokens of one issuer.
   *
   * @param audiences of which a token has to name one; empty for any
   * @param keys what their signatures are verified with
   * @param headers where tokens may stand; where no place is named at all: {@code authorization}
   *     with {@code Bearer}, and the parameter {@code access_token}
   * @param forward whether the token goes on to the application
   * @param payloadHeader of the request to the application, for the claims in base64url; empty for
   *     none
   * @param claimHeaders claims that become headers of the request to the application
   * @param spaceDelimitedClaims whose texts are lists, beside {@code scope} and {@code permission}
   */
  public record JwtRule(
      String issuer,
      List<String> audiences,
      KeySource keys,
      List<TokenHeader> headers,
      List<String> params,
      List<String> cookies,
      boolean forward,
      String payloadHeader,
      List<ClaimHeader> claimHeaders,
      List<String> spaceDelimitedClaims) {
    public JwtRule {
      audiences = List.copyOf(audiences);
      headers = List.copyOf(headers);
      params = List.copyOf(params);
      cookies = List.copyOf(cookies);
      claimHeaders = List.copyOf(claimHeaders);
      spaceDelimitedClaims = List.copyOf(spaceDelimitedClaims);
    }

    /** The same with keys from elsewhere. */
    public JwtRule with(KeySource source) {
      return new JwtRule(
          issuer,
          audiences,
          source,
          headers,
          params,
          cookies,
          forward,
          payloadHeader,
          claimHeaders,
          spaceDelimitedClaims);
    }
  }

  /** Where the keys of an issuer are. */
  public sealed interface KeySource {
    /** By which they are known once they were fetched; empty where there is nothing to fetch. */
    default String address() {
      return switch (this) {
        case Inline inline -> "";
        case Remote remote -> remote.uri();
        case Discovered discovered -> discovered.issuer();
      };
    }

    /** A JSON Web Key Set (RFC 7517). */
    record Inline(String jwks) implements KeySource {}

    /**
     * At an address.
     *
     * @param timeout of one request for them
     */
    record Remote(String uri, Duration timeout) implements KeySource {}

    /** Where the issuer says (OpenID Connect Discovery 1.0, 4). */
    record Discovered(String issuer, Duration timeout) implements KeySource {}
  }

  /** A header, and what stands before the token in it. */
  public record TokenHeader(String name, String prefix) {}

  /** A claim, and the header that it becomes. */
  public record ClaimHeader(String claim, String header) {}
}
