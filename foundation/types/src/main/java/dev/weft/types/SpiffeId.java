package dev.weft.types;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The identity of a workload: {@code spiffe://<trust domain>/ns/<namespace>/sa/<account>}. */
public record SpiffeId(TrustDomain trustDomain, String namespace, String serviceAccount) {
  private static final Pattern FORM =
      Pattern.compile("spiffe://([a-z0-9._-]{1,255})/ns/([^/]+)/sa/([^/]+)");

  /** Empty where the URI does not have the form. */
  public static Optional<SpiffeId> parse(String uri) {
    Matcher m = FORM.matcher(uri);
    return m.matches()
        ? Optional.of(new SpiffeId(new TrustDomain(m.group(1)), m.group(2), m.group(3)))
        : Optional.empty();
  }

  /** The identity as the URI that certificates carry. */
  public String uri() {
    return "spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
  }

  @Override
  public String toString() {
    return uri();
  }
}
