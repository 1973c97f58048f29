package dev.weft.cli.reach;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Makes objects that are not there; what is there stays as it is. */
public final class Missing {
  private final KubernetesClient client;

  public Missing(KubernetesClient client) {
    this.client = client;
  }

  /** Creates it unless there is one of its name. */
  public void create(HasMetadata object) {
    if (client.resource(object).get() != null) {
      return;
    }
    try {
      client.resource(object).create();
    } catch (KubernetesClientException e) {
      // Somebody else was first.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
