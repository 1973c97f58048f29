package dev.weft.control.ads;

import com.google.protobuf.Any;
import dev.weft.types.SpiffeId;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;

/**
 * Answers what people's tools ask about the control plane over xDS: types that begin with {@code
 * istio.io/debug}. Istio: pilot/pkg/xds/debuggen.go and statusgen.go. Any thread; may block.
 */
@FunctionalInterface
public interface DebugDesk {
  /** How the types begin. */
  String TYPE = "istio.io/debug";

  /** One that has no answers. */
  DebugDesk NONE =
      (question, identity) ->
          new Answer.Refused(Status.UNIMPLEMENTED.withDescription("nothing is answered here"));

  /**
   * A question.
   *
   * @param type the whole type
   * @param names of the resources that are asked for
   */
  record Question(String type, List<String> names) {
    public Question {
      names = List.copyOf(names);
    }
  }

  /** What becomes of a question. */
  sealed interface Answer {
    /**
     * The answer.
     *
     * @param controlPlane which instance this is, as JSON
     */
    record Found(List<Any> resources, String controlPlane) implements Answer {
      public Found {
        resources = List.copyOf(resources);
      }
    }

    /** It ends the stream. */
    record Refused(Status status) implements Answer {}
  }

  /**
   * Answers.
   *
   * @param identity who asks; empty for our own pod
   */
  Answer answer(Question question, Optional<SpiffeId> identity);
}
