package dev.weft.bench.scale;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param root of the repository, with a built Weft
 * @param directory for everything that is written; what is there is in the way
 * @param heap of the control plane, as in {@code -Xmx}; empty for that which is shipped
 */
record ScaleOptions(
    Path root,
    Path directory,
    int services,
    int sidecars,
    int narrow,
    int repetitions,
    int churnSeconds,
    int edits,
    String heap,
    Set<Action> actions) {
  static final String USAGE =
      """
      test/bench/scale.sh [options]

        --services N       services of three pods (10 to 5000; default: 100)
        --sidecars N       proxies that want to know everything (1 to 2000; default: 20)
        --narrow N         proxies that want the endpoints of three services (default: as sidecars)
        --repetitions N    of single changes (1 to 80; default: 20)
        --churn-seconds N  (1 to 600; default: 60)
        --edits N          of the soak (1 to 100000; default: 2000)
        --heap SIZE        of the control plane, as in -Xmx (default: that which is shipped)
        --actions LIST     divided by commas (default: all but soak):
                           idle, endpoint, annotation, virtual_service, service, rolling, churn,
                           reconnect, narrow, soak
      """;

  /** What is measured, in this order. */
  enum Action {
    IDLE,
    ENDPOINT,
    ANNOTATION,
    VIRTUAL_SERVICE,
    SERVICE,
    ROLLING,
    CHURN,
    RECONNECT,
    NARROW,
    SOAK
  }

  /**
   * @param args the root, the directory, and what the user wrote
   * @throws IllegalArgumentException with a message for the user
   */
  static ScaleOptions parse(String[] args) {
    int services = 100;
    int sidecars = 20;
    int narrow = -1;
    int repetitions = 20;
    int churn = 60;
    int edits = 2_000;
    String heap = "";
    Set<Action> actions = EnumSet.complementOf(EnumSet.of(Action.SOAK));
    List<String> words = new ArrayList<>(Arrays.asList(args).subList(2, args.length));
    while (!words.isEmpty()) {
      String option = words.removeFirst();
      if (words.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value");
      }
      String value = words.removeFirst();
      switch (option) {
        case "--services" -> services = number(option, value, 10, 5_000);
        case "--sidecars" -> sidecars = number(option, value, 1, 2_000);
        case "--narrow" -> narrow = number(option, value, 0, 2_000);
        case "--repetitions" -> repetitions = number(option, value, 1, 80);
        case "--churn-seconds" -> churn = number(option, value, 1, 600);
        case "--edits" -> edits = number(option, value, 1, 100_000);
        case "--heap" -> heap = value;
        case "--actions" -> actions = actions(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    int others = narrow < 0 ? sidecars : narrow;
    if (sidecars + others > 2 * services) {
      throw new IllegalArgumentException(
          "--sidecars and --narrow together are "
              + (sidecars + others)
              + ", and pods for them are two of each service, "
              + 2 * services);
    }
    return new ScaleOptions(
        Path.of(args[0]),
        Path.of(args[1]),
        services,
        sidecars,
        others,
        repetitions,
        churn,
        edits,
        heap,
        actions);
  }

  private static int number(String option, String value, int least, int max) {
    int number;
    try {
      number = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + ": '" + value + "' is not a number", e);
    }
    if (number < least || number > max) {
      throw new IllegalArgumentException(
          option + ": " + number + " is not from " + least + " to " + max);
    }
    return number;
  }

  private static Set<Action> actions(String list) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (String name : list.split(",", -1)) {
      try {
        actions.add(Action.valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--actions: there is no '" + name + "'", e);
      }
    }
    return actions;
  }
}
