package dev.weft.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody outside who may be asked about requests, by {@code action: CUSTOM}: {@code
 * extensionProviders} of MeshConfig.
 *
 * @param host its full name
 * @param failOpen whether requests come in that it could not be asked about
 * @param statusOnError the status of the others; 0 for the usual one
 * @param reroutes whether what it changes may lead to another route
 * @param body what it is shown of the content of requests; null for nothing
 */
public record ExternalAuthorizer(
    String name,
    String host,
    int port,
    Duration timeout,
    boolean failOpen,
    int statusOnError,
    boolean reroutes,
    @Nullable Body body,
    Protocol protocol) {

  /**
   * The content of requests.
   *
   * @param most bytes of it
   * @param partial whether it is shown the beginning of what is longer; else such a request is
   *     refused
   * @param raw whether by gRPC it is shown bytes, and not a text
   */
  public record Body(int most, boolean partial, boolean raw) {}

  /** How it is asked. */
  public sealed interface Protocol {}

  /**
   * By a request like the one that it is asked about. Names of headers may begin or end with an
   * asterisk.
   *
   * @param told which headers it is told of
   * @param added headers that it gets in any case
   * @param toUpstream headers of its answer for the server
   * @param onDenial headers of its answer for the client of a refused request; empty for all
   * @param onSuccess headers of its answer for the client of another one
   */
  public record Http(
      String pathPrefix,
      List<String> told,
      Map<String, String> added,
      List<String> toUpstream,
      List<String> onDenial,
      List<String> onSuccess)
      implements Protocol {
    public Http {
      told = List.copyOf(told);
      added = Copies.map(added);
      toUpstream = List.copyOf(toUpstream);
      onDenial = List.copyOf(onDenial);
      onSuccess = List.copyOf(onSuccess);
    }
  }

  /** By Envoy's {@code Authorization/Check}. */
  public record Grpc() implements Protocol {}
}
