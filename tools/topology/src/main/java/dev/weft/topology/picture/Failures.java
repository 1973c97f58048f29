package dev.weft.topology.picture;

import dev.weft.topology.Severity;
import dev.weft.topology.history.Shares;
import java.util.List;
import java.util.Map;

/** Edges whose requests fail. */
final class Failures {
  private static final double TOO_MANY = 0.05;

  private Failures() {}

  static void add(Survey survey, List<Said> said) {
    survey
        .calls()
        .forEach(
            (call, ends) -> {
              Count count = ends.counted;
              double share = count.requests == 0 ? 0 : (double) count.failed / count.requests;
              if (share > TOO_MANY) {
                said.add(
                    Said.about(
                        SentenceCode.FAILING,
                        args(call, count, share),
                        count.status() == Status.FAILURE ? Severity.ERROR : Severity.WARNING,
                        List.of(call.source(), call.target()),
                        List.of(call),
                        count.failed));
              }
            });
  }

  private static Map<String, String> args(Call call, Count count, double share) {
    String flags = count.commonestFlags();
    return Map.of(
        "source", call.source().id(),
        "target", call.target().id(),
        "service", call.service(),
        "share", Shares.text(share),
        "flags", flags,
        "reason", ResponseFlag.of(flags).map(ResponseFlag::toString).orElse(""),
        "code", count.commonestCode());
  }
}
