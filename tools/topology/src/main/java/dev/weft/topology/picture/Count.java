package dev.weft.topology.picture;

import dev.weft.topology.Flow;
import dev.weft.topology.Volume;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was counted together. Confined to whoever draws. */
final class Count {
  long requests;
  long failed;
  long noResponse;
  long mutualTls;
  long millis;
  long sentBytes;
  long receivedBytes;
  private long serverErrors;
  private long clientErrors;
  private boolean anyMutualTls;
  private final Map<Answer, Long> answers = new HashMap<>();

  /** How requests end. */
  private record Answer(int code, String flags, boolean failed) implements Comparable<Answer> {
    private static final Comparator<Answer> ORDER =
        Comparator.comparing(Answer::code)
            .thenComparing(Answer::flags)
            .thenComparing(Answer::failed);

    @Override
    public int compareTo(Answer other) {
      return ORDER.compare(this, other);
    }
  }

  void add(Flow flow, Volume volume) {
    requests += volume.requests();
    millis += volume.millis();
    sentBytes += volume.sentBytes();
    receivedBytes += volume.receivedBytes();
    anyMutualTls |= flow.mutualTls();
    if (flow.mutualTls()) {
      mutualTls += volume.requests();
    }
    boolean tcp = flow.protocol() == Flow.Protocol.TCP;
    if (flow.failed()) {
      failed += volume.requests();
      serverErrors += volume.requests();
    } else if (flow.code() >= 400) {
      clientErrors += volume.requests();
    }
    if (!tcp && flow.code() == 0) {
      noResponse += volume.requests();
    }
    if (volume.requests() > 0) {
      answers.merge(
          new Answer(code(flow), flow.flags(), flow.failed()), volume.requests(), Long::sum);
    }
  }

  /** What gRPC says counts where HTTP has nothing to complain of. */
  private static int code(Flow flow) {
    return flow.protocol() == Flow.Protocol.GRPC
            && flow.code() > 0
            && flow.code() < 400
            && flow.grpcStatus().matches("[0-9]{1,2}")
        ? Integer.parseInt(flow.grpcStatus())
        : flow.code();
  }

  void add(Count other) {
    requests += other.requests;
    failed += other.failed;
    noResponse += other.noResponse;
    mutualTls += other.mutualTls;
    millis += other.millis;
    sentBytes += other.sentBytes;
    receivedBytes += other.receivedBytes;
    serverErrors += other.serverErrors;
    clientErrors += other.clientErrors;
    anyMutualTls |= other.anyMutualTls;
    other.answers.forEach((answer, count) -> answers.merge(answer, count, Long::sum));
  }

  boolean isNone() {
    return requests == 0 && bytes() == 0;
  }

  long bytes() {
    return sentBytes + receivedBytes;
  }

  /** Between 0 and 1. Of TCP that only goes on, it is not known how much of it. */
  double mutualTlsShare() {
    if (requests == 0) {
      return anyMutualTls ? 1 : 0;
    }
    return (double) mutualTls / requests;
  }

  List<CodeRate> codes(double seconds) {
    return answers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> new CodeRate(e.getKey().code(), e.getKey().flags(), e.getValue() / seconds))
        .toList();
  }

  /** The flags that most of the failed requests had; {@code -} where they had none. */
  String commonestFlags() {
    return commonestFailure().map(Answer::flags).orElse("-");
  }

  /** The code that most of the failed requests had; {@code 0} where no response came. */
  String commonestCode() {
    return commonestFailure().map(a -> String.valueOf(a.code())).orElse("0");
  }

  private Optional<Answer> commonestFailure() {
    return answers.entrySet().stream()
        .filter(e -> e.getKey().failed())
        .max(Map.Entry.<Answer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }

  /**
   * Kiali's default tolerances: any failure of the server's degrades and a tenth is a failure; a
   * tenth of clients' mistakes degrades and a fifth is a failure.
   */
  Status status() {
    if (isNone()) {
      return Status.IDLE;
    }
    return tolerated(serverErrors, 0, 0.1).worse(tolerated(clientErrors, 0.1, 0.2));
  }

  private Status tolerated(long errors, double degraded, double failure) {
    double part = requests == 0 ? 0 : (double) errors / requests;
    if (part > 0 && part >= failure) {
      return Status.FAILURE;
    }
    return part > 0 && part >= degraded ? Status.DEGRADED : Status.OK;
  }
}
