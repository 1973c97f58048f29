package dev.weft.cli.certs;

import dev.weft.ca.CaEntries;
import dev.weft.ca.CaStore;
import dev.weft.ca.SigningIdentity;
import dev.weft.cli.reach.CommandFailure;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The CA of one cluster, on its way to another one.
 *
 * @param target where it is to go
 */
record ClusterCa(
    String context, KubernetesClient client, String namespace, SigningIdentity target) {

  /** What is in force. */
  SigningIdentity current() {
    for (String name : List.of(CaStore.PLUGGED, CaStore.SELF_SIGNED)) {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      if (secret != null && secret.getData() != null) {
        Map<String, String> entries = new TreeMap<>();
        secret
            .getData()
            .forEach(
                (key, value) ->
                    entries.put(
                        key,
                        new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
        try {
          return SigningIdentity.parse(name, CaEntries.of(entries), Instant.now());
        } catch (IllegalArgumentException e) {
          throw new CommandFailure(
              CommandFailure.Kind.FAILED, "context " + context + ": " + e.getMessage(), e);
        }
      }
    }
    throw CommandFailure.failed(
        "context "
            + context
            + " has no CA in namespace "
            + namespace
            + " yet: create Secret "
            + CaStore.PLUGGED
            + " at once, there is nothing to rotate");
  }

  Rotation.State state() {
    return Rotation.state(current(), target);
  }

  /** Takes the next step. */
  void advance() {
    CaEntries next = Rotation.next(current(), target);
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(CaStore.PLUGGED)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(next.pem())
                .build())
        .createOr(present -> present.update());
  }
}
