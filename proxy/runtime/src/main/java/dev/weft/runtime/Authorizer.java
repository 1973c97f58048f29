package dev.weft.runtime;

import dev.weft.access.AccessFilter;
import dev.weft.routing.StringMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody outside who is asked about requests. Envoy:
 * envoy.extensions.filters.http.ext_authz.v3.ExtAuthz.
 *
 * @param cluster where it is
 * @param timeout for its answer
 * @param failOpen whether requests come in that nobody could be asked about
 * @param tellsFailure whether the server learns of that, by {@code
 *     x-envoy-auth-failure-mode-allowed}
 * @param statusOnError the status where nobody could be asked, and requests do not come in
 * @param when what has to be known of a request; null where it is asked about all
 * @param told which headers it is told of; null for those that its service is told of usually
 * @param body what it is shown of bodies; null: nothing
 * @param reroutes whether what it changes may lead to another route
 */
public record Authorizer(
    String cluster,
    Service service,
    Duration timeout,
    boolean failOpen,
    boolean tellsFailure,
    int statusOnError,
    @Nullable When when,
    @Nullable List<StringMatch> told,
    @Nullable Body body,
    boolean reroutes) {
  public Authorizer {
    told = told == null ? null : List.copyOf(told);
  }

  /**
   * The content of requests.
   *
   * @param most bytes of it; the request waits for them
   * @param partial true: of a request with more it is shown the beginning; false: such a request is
   *     answered with 413
   * @param raw true: a gRPC service is shown bytes; false: a text, in which what is no UTF-8 is
   *     replaced
   */
  public record Body(int most, boolean partial, boolean raw) {}

  /** How it is asked. */
  public sealed interface Service {}

  /**
   * By a request like the one that it is asked about.
   *
   * @param pathPrefix before the path
   * @param added headers that it gets in any case
   * @param upstream headers of its answer that replace those of the request
   * @param upstreamMore headers of its answer that the request gets as well
   * @param onDenial headers of its answer that the client of a refused request gets; null for all
   * @param onSuccess headers of its answer that the client of another one gets
   */
  public record Http(
      String pathPrefix,
      Map<String, String> added,
      List<StringMatch> upstream,
      List<StringMatch> upstreamMore,
      @Nullable List<StringMatch> onDenial,
      List<StringMatch> onSuccess)
      implements Service {
    public Http {
      added = Map.copyOf(added);
      upstream = List.copyOf(upstream);
      upstreamMore = List.copyOf(upstreamMore);
      onDenial = onDenial == null ? null : List.copyOf(onDenial);
      onSuccess = List.copyOf(onSuccess);
    }
  }

  /**
   * By {@code envoy.service.auth.v3.Authorization/Check}.
   *
   * @param authority of the call
   * @param added metadata of the call
   */
  public record Grpc(String authority, Map<String, String> added) implements Service {
    public Grpc {
      added = Map.copyOf(added);
    }
  }

  /**
   * What an earlier filter has to have noted.
   *
   * @param key under which rules note the policy that matched
   */
  public record When(String key, StringMatch value, boolean invert) {
    /** Under which key rules that are only tried note the policy that matched. */
    public static String key(AccessFilter rules) {
      return rules.shadowPrefix() + "shadow_effective_policy_id";
    }

    /** Whether the authorizer is asked. */
    public boolean holds(@Nullable String noted) {
      return (noted != null && value.matches(noted)) != invert;
    }
  }
}
