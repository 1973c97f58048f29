package dev.weft.server.http;

import dev.weft.exchange.Step;
import dev.weft.runtime.CleanPath;
import dev.weft.runtime.HttpPipeline.Underscores;
import dev.weft.server.worker.RequestRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request is told by how its head is written, before any filter is asked. */
final class HeadRules {
  private static final String PATH_REFUSED = "path_normalization_failed";

  private HeadRules() {}

  /**
   * Looks at a head that is complete; its path is seen in its normal form from here on.
   *
   * @param record of the request
   * @return null where nothing is against it
   */
  static Step.@Nullable Reply apply(Received in, RequestRecord record) {
    if (in.plan().pipeline.heads().underscores() == Underscores.REJECT_REQUEST
        && in.head().nameHas((byte) '_')) {
      return Step.Reply.of(
          400,
          Failures.codec(in.head().isHttp2(), ".unexpected_underscore"),
          "a header name has an underscore");
    }
    if (in.head().isMethod("CONNECT")) {
      return Step.Reply.of(405, "connect_not_supported", "CONNECT is not supported");
    }
    return switch (CleanPath.of(in.view().path(), in.plan().pipeline.paths())) {
      case CleanPath.Same same -> null;
      case CleanPath.Changed changed -> {
        in.view().normalized(changed.target());
        yield null;
      }
      case CleanPath.Redirected redirected ->
          record.grpc()
              ? Step.Reply.of(400, PATH_REFUSED, "the path has escaped slashes")
              : new Step.Reply(
                  307, 0, PATH_REFUSED, "", List.of("location: " + redirected.target()));
      case CleanPath.Refused refused -> Step.Reply.of(400, PATH_REFUSED, refused.reason());
    };
  }
}
