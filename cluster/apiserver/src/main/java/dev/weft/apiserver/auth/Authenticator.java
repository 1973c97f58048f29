package dev.weft.apiserver.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Knows clients by their bearer tokens. */
public final class Authenticator {
  private final byte[] adminToken;
  private final Tokens tokens;

  public Authenticator(String adminToken, Tokens tokens) {
    this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
    this.tokens = tokens;
  }

  /** From the value of the {@code Authorization} header; empty for nobody that is known. */
  public Optional<Identity> identify(String authorization) {
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.empty();
    }
    String token = authorization.substring(7).strip();
    // Compared in constant time: the token must not be guessable byte by byte.
    if (MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), adminToken)) {
      return Optional.of(Identity.ADMIN);
    }
    return tokens.verify(token, List.of()).map(Tokens.Verified::who);
  }
}
