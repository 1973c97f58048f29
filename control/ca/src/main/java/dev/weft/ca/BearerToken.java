package dev.weft.ca;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A service-account token as a caller sent it. Printing it shows nothing of it.
 *
 * @param secret what follows {@code Bearer}; at most 64 KiB
 */
public record BearerToken(String secret) {
  private static final int LONGEST = 64 * 1024;

  public BearerToken {
    if (secret.isBlank() || secret.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a bearer token has 1 to " + LONGEST + " characters, this one " + secret.length());
    }
  }

  /** Reads an {@code authorization} header; empty where it does not carry a bearer token. */
  public static Optional<BearerToken> ofHeader(String header) {
    String scheme = "Bearer ";
    if (!header.regionMatches(true, 0, scheme, 0, scheme.length())) {
      return Optional.empty();
    }
    String token = header.substring(scheme.length()).strip();
    return token.isEmpty() || token.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new BearerToken(token));
  }

  /** SHA-256 of the token in hex: what a cache may keep. */
  String hash() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "BearerToken(…)";
  }
}
