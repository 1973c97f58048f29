package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A pod's annotations, each read by its rule. Istio: "Resource Annotations" in its documentation,
 * and pkg/kube/inject/validate.go.
 */
record PodAnnotations(JsonNode annotations) {
  // Kubernetes' resource.Quantity, without exponents of ten that nobody writes for a container.
  private static final Pattern QUANTITY = Pattern.compile("[0-9]+(\\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?");
  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warning", "warn", "error", "critical", "off", "none");
  private static final Set<String> MODES = Set.of("REDIRECT", "TPROXY", "NONE");

  static PodAnnotations of(JsonNode pod) {
    return new PodAnnotations(pod.path("metadata").path("annotations"));
  }

  boolean has(String name) {
    return annotations.has(name);
  }

  /** The value as it stands. */
  String text(String name, String otherwise) {
    return annotations.path(name).asText(otherwise);
  }

  /** Refuses what is not carried out. */
  void mustBeEmpty(String name, String why) throws InvalidPodException {
    String value = text(name, "");
    if (!value.isBlank()) {
      throw InvalidPodException.annotation(name, value, why);
    }
  }

  boolean flag(String name, boolean otherwise) throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw InvalidPodException.annotation(name, value, "is not true or false");
    };
  }

  int number(String name, int min, int max, int otherwise) throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "");
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below says the same for both.
    }
    throw InvalidPodException.annotation(
        name, value, "is not a whole number from " + min + " to " + max);
  }

  String quantity(String name, String otherwise) throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "").strip();
    if (!QUANTITY.matcher(value).matches()) {
      throw InvalidPodException.annotation(
          name, value, "is not a quantity such as 100m, 1.5, 128Mi or 1Gi");
    }
    return value;
  }

  String level(String name, String otherwise) throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "").strip();
    if (!LEVELS.contains(value)) {
      throw InvalidPodException.annotation(
          name,
          value,
          "is not a log level: use trace, debug, info, warning, error, critical or off");
    }
    return value;
  }

  /** A list such as {@code misc:error,upstream:debug}. */
  String scopedLevels(String name, String otherwise) throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "").strip();
    for (String part : value.split(",", -1)) {
      int colon = part.indexOf(':');
      if (colon < 1 || !LEVELS.contains(part.substring(colon + 1).strip())) {
        throw InvalidPodException.annotation(
            name, value, "is not a list of scope:level, such as default:info,http:debug");
      }
    }
    return value;
  }

  String interceptionMode(String name, String otherwise) throws InvalidPodException {
    String value = text(name, otherwise);
    if (!MODES.contains(value)) {
      throw InvalidPodException.annotation(name, value, "is not REDIRECT, TPROXY or NONE");
    }
    return value;
  }

  /** A list of ports; {@code *} where {@code star} allows it; may be empty. */
  String ports(String name, boolean star, String otherwise) throws InvalidPodException {
    return list(
        name,
        star,
        otherwise,
        PodAnnotations::isPort,
        "is not a list of ports from 1 to 65535, such as 8080,9090");
  }

  /** A list of CIDRs; {@code *} where {@code star} allows it; may be empty. */
  String ranges(String name, boolean star, String otherwise) throws InvalidPodException {
    return list(
        name,
        star,
        otherwise,
        PodAnnotations::isRange,
        "is not a list of address ranges, such as 10.0.0.0/8,192.168.7.0/24");
  }

  private String list(
      String name, boolean star, String otherwise, Predicate<String> good, String objection)
      throws InvalidPodException {
    if (!has(name)) {
      return otherwise;
    }
    String value = text(name, "").strip();
    if (value.isEmpty() || star && value.equals("*")) {
      return value;
    }
    for (String part : value.split(",", -1)) {
      if (!good.test(part.strip())) {
        throw InvalidPodException.annotation(name, value, objection + (star ? ", or *" : ""));
      }
    }
    return value.replace(" ", "");
  }

  private static boolean isPort(String text) {
    try {
      int port = Integer.parseInt(text);
      return port >= 1 && port <= 65535;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isRange(String text) {
    int slash = text.indexOf('/');
    if (slash < 1) {
      return false;
    }
    try {
      int bits = InetAddress.ofLiteral(text.substring(0, slash)).getAddress().length * 8;
      int length = Integer.parseInt(text.substring(slash + 1));
      return length >= 0 && length <= bits;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
