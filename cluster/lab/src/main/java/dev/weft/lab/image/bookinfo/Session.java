package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who is signed in: a cookie with the name and a seal. Anybody may sign in as anybody, so the seal
 * guards nothing; its key is the same everywhere, so that all pods of all clusters know a session.
 */
final class Session {
  private static final String COOKIE = "session";
  private static final byte[] KEY = "bookinfo".getBytes(StandardCharsets.UTF_8);

  private Session() {}

  /** The user's name; empty where nobody is signed in. */
  static String user(HttpRequest request) {
    return request.headers().stream()
        .filter(header -> header.name().toLowerCase(Locale.ROOT).equals("cookie"))
        .flatMap(header -> java.util.Arrays.stream(header.value().split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1))
        .map(Session::opened)
        .flatMap(Optional::stream)
        .findFirst()
        .orElse("");
  }

  /** For the header Set-Cookie. */
  static String begin(String user) {
    return COOKIE + "=" + encoded(utf8(user)) + "." + encoded(seal(user)) + "; HttpOnly; Path=/";
  }

  /** For the header Set-Cookie. */
  static String end() {
    return COOKIE + "=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/";
  }

  private static Optional<String> opened(String value) {
    int dot = value.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      String user =
          new String(
              Base64.getUrlDecoder().decode(value.substring(0, dot)), StandardCharsets.UTF_8);
      byte[] seal = Base64.getUrlDecoder().decode(value.substring(dot + 1));
      return MessageDigest.isEqual(seal, seal(user)) ? Optional.of(user) : Optional.empty();
    } catch (IllegalArgumentException e) {
      // No cookie of ours.
      return Optional.empty();
    }
  }

  private static byte[] seal(String user) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      return mac.doFinal(utf8(user));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
