package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.ca.BearerToken;
import dev.weft.ca.TokenReview;
import dev.weft.ca.TokenReviewer;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reviews tokens at the API server of one cluster. Istio: kubeauth/kube_jwt.go. */
public final class KubernetesTokenReviewer implements TokenReviewer {
  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String POD = "authentication.kubernetes.io/pod-name";
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final JsonApi api;

  public KubernetesTokenReviewer(KubeApi cluster) {
    this.api = new JsonApi(cluster);
  }

  @Override
  public TokenReview review(BearerToken token) {
    // The client waits for longer than a proxy does; its own thread may go on doing so.
    CompletableFuture<TokenReview> answer = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .name("token-review")
            .start(
                () -> {
                  try {
                    answer.complete(ask(token));
                  } catch (RefusedException | RuntimeException e) {
                    answer.completeExceptionally(e);
                  }
                });
    try {
      return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      asking.interrupt();
      return new TokenReview.Unanswered("no answer within " + LONGEST.toSeconds() + " s");
    } catch (InterruptedException e) {
      asking.interrupt();
      Thread.currentThread().interrupt();
      return new TokenReview.Unanswered("interrupted");
    } catch (ExecutionException e) {
      return new TokenReview.Unanswered(reason(e.getCause()));
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof RefusedException refused && refused.status() > 0
        ? "HTTP " + refused.status() + " from its API server"
        : "its API server cannot be reached";
  }

  private TokenReview ask(BearerToken token) throws RefusedException {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "authentication.k8s.io/v1")
            .put("kind", "TokenReview");
    review
        .putObject("spec")
        .put("token", token.secret())
        .putArray("audiences")
        .add(TokenReviewer.AUDIENCE);
    return judge(api.create(PATH, review).path("status"));
  }

  static TokenReview judge(JsonNode status) {
    if (!status.path("authenticated").asBoolean(false)) {
      String error = status.path("error").asText("");
      return new TokenReview.Rejected(error.isEmpty() ? "it is not valid there" : error);
    }
    boolean meant = false;
    for (JsonNode audience : status.path("audiences")) {
      meant |= audience.asText().equals(TokenReviewer.AUDIENCE);
    }
    if (!meant) {
      return new TokenReview.Rejected("its audience is not " + TokenReviewer.AUDIENCE);
    }
    JsonNode user = status.path("user");
    String name = user.path("username").asText("");
    String[] parts = name.startsWith(ACCOUNT) ? name.split(":", -1) : new String[0];
    if (parts.length != 4) {
      return new TokenReview.Rejected("user '" + name + "' is no service account");
    }
    return new TokenReview.Accepted(
        parts[2], parts[3], user.path("extra").path(POD).path(0).asText(""));
  }
}
