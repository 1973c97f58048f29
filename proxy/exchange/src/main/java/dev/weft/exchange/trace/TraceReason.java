package dev.weft.exchange.trace;

import dev.weft.routing.RequestView;
import dev.weft.runtime.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is traced, as its identifier tells the next proxy: by one digit of the UUID. Envoy:
 * ConnectionManagerUtility::mutateTracingRequestHeader and
 * source/extensions/request_id/uuid/config.cc.
 */
public enum TraceReason {
  NOT_TRACED('4'),
  SAMPLED('9'),
  FORCED_BY_SERVICE('a'),
  FORCED_BY_CLIENT('b');

  /** How long an identifier is. */
  public static final int ID_LENGTH = 36;

  /** Where in an identifier the digit stands. */
  public static final int ID_DIGIT = 14;

  private static final int WHOLE = 10_000;
  private static final int NUMBER_LENGTH = 8;

  private final char digit;

  TraceReason(char digit) {
    this.digit = digit;
  }

  /** How an identifier says it. */
  public char digit() {
    return digit;
  }

  public boolean traced() {
    return this != NOT_TRACED;
  }

  /** What an identifier says. */
  public static TraceReason of(byte[] id) {
    if (id.length == ID_LENGTH) {
      for (TraceReason reason : values()) {
        if (id[ID_DIGIT] == reason.digit) {
          return reason;
        }
      }
    }
    return NOT_TRACED;
  }

  /**
   * Decides about a request.
   *
   * @param id of the request; null for none
   * @param fresh whether what the identifier says is nothing that proxies have said
   */
  public static TraceReason decide(
      Tracing tracing, RequestView request, byte @Nullable [] id, boolean fresh) {
    if (!tracing.byRequestId()) {
      return SAMPLED;
    }
    int number = id == null ? -1 : number(id);
    if (id == null || number < 0) {
      return NOT_TRACED;
    }
    Tracing.Sampling sampling = tracing.sampling();
    TraceReason reason = fresh ? NOT_TRACED : of(id);
    if (!reason.traced()) {
      if (sampling.client() > number && request.header("x-client-trace-id") != null) {
        reason = FORCED_BY_CLIENT;
      } else if (request.header("x-envoy-force-trace") != null) {
        reason = FORCED_BY_SERVICE;
      } else if (sampling.random() > number) {
        reason = SAMPLED;
      }
    }
    return sampling.overall() > number ? reason : NOT_TRACED;
  }

  /** From 0 to 9999, the same in every proxy; -1 where the identifier is none. */
  private static int number(byte[] id) {
    if (id.length < NUMBER_LENGTH) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < NUMBER_LENGTH; i++) {
      int digit = Character.digit(id[i], 16);
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return (int) (number % WHOLE);
  }
}
