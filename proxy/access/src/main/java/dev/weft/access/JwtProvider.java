package dev.weft.access;

import java.time.Duration;
import java.util.List;

/**
 * An issuer of tokens, and what becomes of them. Envoy:
 * envoy.extensions.filters.http.jwt_authn.v3.JwtProvider.
 *
 * @param issuer empty for any
 * @param audiences of which a token has to name one; empty for any
 * @param keys that its tokens are verified with; with none, no token is valid
 * @param forward whether the token goes on
 * @param payloadHeader in lower case, for the payload in base64url; empty for none
 * @param padPayload whether it is filled up to a multiple of four characters
 * @param payloadKey by which the claims are found; empty: they are not kept
 * @param lists claims whose texts are split at spaces
 * @param skew how far clocks may differ
 */
public record JwtProvider(
    String issuer,
    List<String> audiences,
    List<JwtKey> keys,
    boolean forward,
    List<FromHeader> headers,
    List<String> params,
    List<String> cookies,
    String payloadHeader,
    boolean padPayload,
    String payloadKey,
    List<String> lists,
    Duration skew,
    List<ClaimHeader> claimHeaders) {
  private static final List<FromHeader> BEARER =
      List.of(new FromHeader("authorization", "Bearer "));
  private static final List<String> ACCESS_TOKEN = List.of("access_token");

  public JwtProvider {
    audiences = List.copyOf(audiences);
    keys = List.copyOf(keys);
    boolean nowhere = headers.isEmpty() && params.isEmpty() && cookies.isEmpty();
    headers = nowhere ? BEARER : List.copyOf(headers);
    params = nowhere ? ACCESS_TOKEN : List.copyOf(params);
    cookies = List.copyOf(cookies);
    lists = List.copyOf(lists);
    claimHeaders = List.copyOf(claimHeaders);
  }

  /**
   * A header with a token.
   *
   * @param name in lower case
   * @param prefix before the token; empty where there is none
   */
  public record FromHeader(String name, String prefix) {}

  /**
   * A claim that becomes a header.
   *
   * @param claim names of nested claims are joined by dots
   * @param header in lower case
   */
  public record ClaimHeader(String claim, String header) {}
}
