package dev.weft.ca;

import java.time.Duration;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * What a CA that an operator makes shall be like.
 *
 * @param organization in its name
 * @param commonName in its name
 * @param locality in its name, such as the member cluster that it is for; empty for none
 * @param key its kind
 * @param life from now on
 */
public record CaProfile(
    String organization, String commonName, String locality, KeyKind key, Duration life) {

  /** Kinds of keys, both good for a CA. */
  public enum KeyKind {
    /** Istio's own choice for this. */
    RSA_4096,
    /** Smaller and faster. */
    ECDSA_P256
  }

  public CaProfile {
    if (organization.isBlank() || commonName.isBlank()) {
      throw new IllegalArgumentException("a CA needs an organization and a common name");
    }
    if (life.isNegative() || life.isZero()) {
      throw new IllegalArgumentException("the life of a CA, " + life + ", is not positive");
    }
  }

  X500Name name() {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    builder.addRDN(BCStyle.O, organization);
    builder.addRDN(BCStyle.CN, commonName);
    if (!locality.isEmpty()) {
      builder.addRDN(BCStyle.L, locality);
    }
    return builder.build();
  }
}
