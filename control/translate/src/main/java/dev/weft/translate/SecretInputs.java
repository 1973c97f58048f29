package dev.weft.translate;

import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a Secret for TLS depends on.
 *
 * @param name of the resource
 */
record SecretInputs(String name, Credential credential) {
  /** Those of the proxy's own cluster and namespace, by their names, that can be used. */
  static List<SecretInputs> of(ProxyView view, Stream<String> names) {
    List<SecretInputs> secrets = new ArrayList<>();
    names
        .collect(TreeSet<String>::new, TreeSet::add, TreeSet::addAll)
        .forEach(
            name -> {
              Credential credential =
                  view.snapshot()
                      .credentials()
                      .get(new CredentialKey(view.cluster(), view.namespace(), name));
              if (credential != null && credential.usable()) {
                secrets.add(new SecretInputs(TlsContexts.KUBERNETES + name, credential));
              }
            });
    return secrets;
  }
}
