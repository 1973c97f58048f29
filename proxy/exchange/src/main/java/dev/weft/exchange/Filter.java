package dev.weft.exchange;

import org.jspecify.annotations.Nullable;

/**
 * A step between the codec and the endpoints. Without state: one serves all requests of its
 * pipeline on a loop. What it sees of a request is in the question, what it wants in its answer.
 */
public interface Filter {
  /** What becomes of a request whose head is complete. */
  Step head(Asked request);

  /** Whether it is asked about the heads of requests. */
  default boolean readsHeads() {
    return true;
  }

  /** Whether it looks at the route, so that there has to be one before it is asked. */
  default boolean readsRoute() {
    return false;
  }

  /** Whether it is asked who looks at the content of requests and of answers. */
  default boolean readsBodies() {
    return false;
  }

  /** Who looks at the content of a request whose head is complete, and of its answer; or null. */
  default @Nullable BodyWatch watch(Asked request) {
    return null;
  }

  /** Whether it is asked about answers, too. */
  default boolean readsAnswers() {
    return false;
  }

  /**
   * What becomes of an answer whose head is complete, an endpoint's or our own. Filters are asked
   * in the reverse of their order.
   */
  default Answering answer(Answered answer) {
    return Answering.AS_IT_IS;
  }
}
