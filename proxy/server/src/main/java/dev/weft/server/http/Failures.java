package dev.weft.server.http;

import dev.weft.codec.Violation;
import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.Step;

/** What a client is told of a request that cannot be completed. */
public final class Failures {
  /** Peers make the loop hold too much. */
  public static final Step.Reply OVERLOADED =
      Step.Reply.of(503, ResponseFlag.OM, "overload", "overloaded");

  /** The route leads to a cluster that is not there. */
  static final Step.Reply NO_CLUSTER = Step.Reply.of(503, ResponseFlag.NC, "cluster_not_found", "");

  private Failures() {}

  /** The request breaks the protocol. */
  static Step.Reply badRequest(Violation violation, boolean http2) {
    return Step.Reply.of(
        violation.status(), ResponseFlag.DPE, codec(http2, ".codec_error"), violation.text());
  }

  /** The answer breaks the protocol. */
  static Step.Reply badResponse(Violation violation, boolean answering) {
    return Step.Reply.of(
        502,
        ResponseFlag.UPE,
        answering
            ? "upstream_reset_after_response_started{protocol_error}"
            : "upstream_reset_before_response_started{protocol_error}",
        "upstream connect error or disconnect/reset before headers. reset reason: protocol"
            + " error: "
            + violation.text());
  }

  /** Envoy's name for something that a codec found. */
  static String codec(boolean http2, String what) {
    return (http2 ? "http2" : "http1") + what;
  }
}
