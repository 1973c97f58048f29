package dev.weft.translate;

import java.util.List;
import java.util.stream.Stream;

/**
 * Trust domains in policies: one of the mesh's stands for all of them, and so does {@code
 * cluster.local}. Istio: pilot/pkg/security/trustdomain/bundle.go.
 */
final class TrustDomainNames {
  private static final String LOCAL = "cluster.local";
  private static final int PARTS = 5;

  private TrustDomainNames() {}

  /** An identity, {@code <domain>/ns/<namespace>/sa/<account>}, in every domain that it means. */
  static List<String> principals(String written, List<String> trustDomains) {
    String[] parts = written.split("/", -1);
    if (parts.length != PARTS || parts[0].equals("*")) {
      return List.of(written);
    }
    String rest = written.substring(parts[0].length());
    return domains(parts[0], trustDomains).stream().map(domain -> domain + rest).toList();
  }

  /** The domains that a domain or a pattern of domains means. */
  static List<String> domains(String written, List<String> trustDomains) {
    boolean ours = trustDomains.stream().anyMatch(domain -> matches(written, domain));
    return ours || written.equals(LOCAL)
        ? trustDomains.stream()
            .flatMap(domain -> Stream.of(matches(written, domain) ? written : domain))
            .distinct()
            .toList()
        : List.of(written);
  }

  private static boolean matches(String pattern, String domain) {
    if (pattern.startsWith("*")) {
      return domain.endsWith(pattern.substring(1));
    }
    return pattern.endsWith("*")
        ? domain.startsWith(pattern.substring(0, pattern.length() - 1))
        : domain.equals(pattern);
  }
}
