package dev.weft.explain;

import dev.weft.topology.Sentence;
import java.util.Map;

/**
 * What the sentences of a prediction say, the most important first. In the gaps shares are 0 to 1.
 */
public enum PredictionCode {
  /**
   * {@code source}, {@code service}, {@code share}, {@code rate}, {@code reason}: so much of what a
   * caller sends would fail.
   */
  BREAKS,
  /**
   * {@code service}, {@code endpoints}: all endpoints of a service would be gone, called or not.
   */
  SERVICE_GONE,
  /** {@code source}, {@code rate}: a caller is lost itself, and with it what it sends. */
  CALLER_LOST,
  /**
   * {@code source}, {@code service}, {@code share}, {@code to}, {@code gateway}: so much of what a
   * caller sends would go there; the gateway's address is empty where none is passed.
   */
  MOVES,
  /**
   * {@code source}, {@code service}: no DestinationRule sets outlierDetection, so that requests to
   * what is lost fail until the control plane takes it out.
   */
  UNPROTECTED,
  /**
   * {@code cluster}: the control plane keeps what it last knew of a cluster whose API server is
   * away, so that its endpoints are left alone by outlierDetection only.
   */
  LAST_KNOWN,
  /** {@code seconds}: nothing flowed in the window. */
  NO_TRAFFIC,
  /** {@code loss}: all that flows now would go on as it does. */
  NOTHING_MOVES;

  /** The word in sentences. */
  public String text() {
    return StepCode.word(this);
  }

  /** A sentence in English; one of another version of the mesh as its code and its gaps. */
  public static String english(Sentence sentence) {
    for (PredictionCode code : values()) {
      if (code.text().equals(sentence.code())) {
        return code.say(sentence.args());
      }
    }
    return sentence.code() + " " + sentence.args();
  }

  private String say(Map<String, String> in) {
    return switch (this) {
      case BREAKS ->
          "%s of what %s sends to %s would fail (%s a second): %s."
              .formatted(percent(in), in.get("source"), in.get("service"), in.get("rate"), why(in));
      case SERVICE_GONE ->
          "%s would have no endpoint in any cluster; it has %s now."
              .formatted(in.get("service"), in.get("endpoints"));
      case CALLER_LOST ->
          "%s would be gone, and with it %s requests a second that it makes."
              .formatted(in.get("source"), in.get("rate"));
      case MOVES ->
          "%s of what %s sends to %s would go to %s%s."
              .formatted(
                  percent(in),
                  in.get("source"),
                  in.get("service"),
                  in.get("to"),
                  in.getOrDefault("gateway", "").isEmpty()
                      ? ""
                      : " through the gateway " + in.get("gateway"));
      case UNPROTECTED ->
          "%s calls %s without outlierDetection: until the endpoints are taken out, requests to them fail."
              .formatted(in.get("source"), in.get("service"));
      case LAST_KNOWN ->
          "While the API server of %s is away its last known endpoints stay; outlierDetection alone leaves them out."
              .formatted(in.get("cluster"));
      case NO_TRAFFIC -> "Nothing flowed in the last %s s.".formatted(in.get("seconds"));
      case NOTHING_MOVES -> "Without %s, all that flows now goes on.".formatted(in.get("loss"));
    };
  }

  private static String percent(Map<String, String> in) {
    return Math.round(100 * Double.parseDouble(in.getOrDefault("share", "0"))) + " %";
  }

  private static String why(Map<String, String> in) {
    return switch (in.getOrDefault("reason", "")) {
      case "no-endpoints-elsewhere" -> "there is no endpoint anywhere else";
      case "subset-only-there" -> "no pod that is left has the labels of the subset";
      case "no-gateway" -> "no gateway leads into the network of what is left";
      case "distribute-only-there" -> "the shares of localities (distribute) name no other place";
      default -> "what is left is of no use to the caller; see weft explain";
    };
  }
}
