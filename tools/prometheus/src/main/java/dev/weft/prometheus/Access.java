package dev.weft.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a server is asked. None of it is ever shown.
 *
 * @param authorities certificates (PEM) that the server's is checked against; empty for those that
 *     the Java runtime knows
 * @param headers added to each query, such as {@code X-Scope-OrgID}
 */
public record Access(Credential credential, String authorities, Map<String, String> headers) {
  static final Access OPEN = new Access(new Credential.None(), "", Map.of());

  public Access {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** What proves who asks. */
  public sealed interface Credential {
    /** The server asks for nothing. */
    record None() implements Credential {}

    /**
     * A token.
     *
     * @param type nearly always {@code Bearer}
     */
    record Token(String type, String token) implements Credential {
      @Override
      public String toString() {
        return type;
      }
    }

    /** A name and a password. */
    record Basic(String user, String password) implements Credential {
      @Override
      public String toString() {
        return "Basic";
      }
    }
  }

  /** The value of {@code Authorization}, where there is one. */
  Optional<String> authorization() {
    return switch (credential) {
      case Credential.None() -> Optional.empty();
      case Credential.Token(String type, String token) -> Optional.of(type + " " + token);
      case Credential.Basic(String user, String password) ->
          Optional.of(
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    };
  }

  @Override
  public String toString() {
    return "Access[" + credential + "]";
  }
}
