package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether objects of release 0.1.0, which do not say which mesh made them, are this mesh's: they
 * are where the trust bundle among them has a root of this mesh. A mesh keeps its root when it is
 * upgraded, and no other mesh has it.
 */
public final class Adoption {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);

  private Adoption() {}

  /**
   * Decides.
   *
   * @param live what is there; without a trust bundle nobody else's pods depend on it
   * @param roots the mesh's trust bundle, PEM
   */
  public static boolean of(Map<Manifest.Key, ObjectNode> live, String rootNamespace, String roots) {
    ObjectNode bundle =
        live.get(
            new Manifest.Key(ManagedKind.CONFIG_MAP, rootNamespace, ClusterArtefacts.TRUST_BUNDLE));
    if (bundle == null) {
      return true;
    }
    String there = bundle.path("data").path(ClusterArtefacts.ROOTS).asText("");
    Set<String> common = new HashSet<>(certificates(there));
    common.retainAll(certificates(roots));
    return !common.isEmpty();
  }

  private static Set<String> certificates(String pem) {
    return CERTIFICATE
        .matcher(pem)
        .results()
        .map((MatchResult m) -> m.group(1).replaceAll("\\s", ""))
        .collect(Collectors.toSet());
  }
}
