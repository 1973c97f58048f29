package dev.weft.topology.picture;

import dev.weft.topology.Severity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A sentence before it is known what a picture shows of it.
 *
 * @param weight requests that it is about: of two as severe and of one code, the larger comes first
 */
record Said(
    SentenceCode code,
    Map<String, String> args,
    Severity severity,
    List<Spot> spots,
    List<Call> calls,
    long weight) {
  static final Comparator<Said> ORDER =
      Comparator.comparing(Said::severity)
          .reversed()
          .thenComparing(Said::code)
          .thenComparing(Comparator.comparing(Said::weight).reversed())
          .thenComparing(said -> said.args().toString());

  Said {
    spots = List.copyOf(spots);
    calls = List.copyOf(calls);
  }

  static Said plain(SentenceCode code, Map<String, String> args, Severity severity) {
    return new Said(code, args, severity, List.of(), List.of(), 0);
  }

  static Said about(
      SentenceCode code,
      Map<String, String> args,
      Severity severity,
      Collection<Spot> spots,
      Collection<Call> calls,
      long weight) {
    return new Said(code, args, severity, List.copyOf(spots), List.copyOf(calls), weight);
  }
}
