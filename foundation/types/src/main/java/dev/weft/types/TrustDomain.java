package dev.weft.types;

import java.util.regex.Pattern;

/**
 * The domain within which a root of trust speaks for identities.
 *
 * @param value for example {@code cluster.local}
 */
public record TrustDomain(String value) {
  // SPIFFE-ID, section 2.1.
  private static final Pattern FORM = Pattern.compile("[a-z0-9._-]{1,255}");

  public TrustDomain {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "trust domain '" + value + "' has characters other than a-z, 0-9, '.', '-' and '_'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
