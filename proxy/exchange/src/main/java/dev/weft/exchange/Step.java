package dev.weft.exchange;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.RouteAction;
import java.util.List;
import java.util.function.Function;

/** What is to become of a request, as one of its filters sees it. */
public sealed interface Step {
  /** The next filter is asked. */
  Step GO_ON = new GoOn();

  /** The next filter is asked. */
  record GoOn() implements Step {}

  /**
   * From here on the request is seen changed; the next filter is asked.
   *
   * @param reroute whether another route may be the right one now
   * @param responseLines further lines of the head of its answer
   */
  record Edit(HeadChange change, boolean reroute, List<String> responseLines) implements Step {
    public Edit {
      responseLines = List.copyOf(responseLines);
    }
  }

  /** Somebody outside is asked, whose answer says what comes next. */
  record Ask(Call call, Function<Call.Answer, Step> next) implements Step {}

  /**
   * The request waits for its content, which says what comes next.
   *
   * @param most bytes of it
   * @param partial whether the beginning of longer content does; otherwise such a request is
   *     answered with 413
   */
  record Hold(int most, boolean partial, Function<Held, Step> next) implements Step {}

  /**
   * Content of a request.
   *
   * @param whole whether there is no more of it
   */
  record Held(byte[] content, boolean whole) {}

  /** After a while, something else. */
  record Delay(long nanos, Step then) implements Step {}

  /**
   * The request goes to a cluster.
   *
   * @param request changes of its head that belong to the choice of the cluster
   * @param response the same of the answer's head
   */
  record Forward(
      RouteAction.Forward action, String cluster, HeaderEdits request, HeaderEdits response)
      implements Step {}

  /**
   * The request is answered by this proxy.
   *
   * @param flags a set of {@link ResponseFlag} bits
   * @param details Envoy's name for what happened
   * @param headers further lines of the head
   */
  record Reply(int status, int flags, String details, String text, List<String> headers)
      implements Step {
    /** An answer without further lines. */
    public static Reply of(int status, String details, String text) {
      return new Reply(status, 0, details, text, List.of());
    }

    /** An answer with a flag. */
    public static Reply of(int status, ResponseFlag flag, String details, String text) {
      return new Reply(status, flag.bit(), details, text, List.of());
    }
  }
}
