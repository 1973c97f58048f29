package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.config.ObjectRef;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request, decision by decision, by the configuration of now.
 *
 * @param question with what was found out of a log line
 * @param steps in the order in which the caller's proxy takes them
 * @param destinations what it is sent to; empty where it is not sent anywhere
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RequestStory(
    RequestQuestion question, List<Step> steps, Outcome outcome, List<Destination> destinations) {
  public RequestStory {
    steps = List.copyOf(steps);
    destinations = List.copyOf(destinations);
  }

  /** Whether a step of it is about that. */
  public boolean has(StepCode code) {
    return steps.stream().anyMatch(step -> step.code().equals(code.text()));
  }

  /**
   * One decision.
   *
   * @param code a stable word: {@link StepCode#text}
   * @param object what a user wrote that made it so; null where nobody did
   * @param text in English
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Step(String code, Map<String, String> args, @Nullable Named object, String text) {}

  /**
   * An object in a cluster.
   *
   * @param cluster empty for those of the config API
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Named(String kind, String namespace, String name, String cluster) {
    static Named of(ObjectRef ref) {
      return new Named(ref.kind().kind(), ref.namespace(), ref.name(), "");
    }
  }

  /** How it ends. */
  public enum Ending {
    @JsonProperty("forwarded")
    FORWARDED,
    @JsonProperty("answered")
    ANSWERED,
    @JsonProperty("redirected")
    REDIRECTED,
    @JsonProperty("noRoute")
    NO_ROUTE,
    @JsonProperty("noEndpoint")
    NO_ENDPOINT,
    @JsonProperty("denied")
    DENIED
  }

  /**
   * The end.
   *
   * @param status of the answer; 0 where the server gives it, and where there is none
   * @param flags response flags of the caller's log, {@code -} for none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Outcome(Ending kind, int status, String flags, String text) {}

  /**
   * What a share of such requests is sent to.
   *
   * @param service its host name
   * @param subset empty for the whole service
   * @param share 0 to 1
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Destination(String service, String subset, double share, List<Portion> places) {
    public Destination {
      places = List.copyOf(places);
    }
  }
}
