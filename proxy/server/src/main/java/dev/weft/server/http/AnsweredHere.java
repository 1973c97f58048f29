package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ResponseHead;
import dev.weft.exchange.Answered;
import dev.weft.exchange.Asked;
import dev.weft.exchange.CoderPlaces;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer of this exchange, with what was made of it so far, as filters see it; set
 * anew for each answer. Confined to its exchange.
 */
final class AnsweredHere implements Answered {
  private final Received in;
  private final Asked request;
  private @Nullable ResponseHead head;
  private boolean hasContent;

  AnsweredHere(Received in, Asked request) {
    this.in = in;
    this.request = request;
  }

  /** An answer whose head is being changed by the overlay of the loop. */
  void is(ResponseHead answer, boolean content) {
    head = answer;
    hasContent = content;
  }

  private ResponseHead head() {
    return Objects.requireNonNull(head);
  }

  @Override
  public Asked request() {
    return request;
  }

  @Override
  public int status() {
    return head().status();
  }

  @Override
  public @Nullable String header(String lowerCaseName) {
    HeadOverlay changes = in.worker().overlay();
    return changes.value(head(), HttpPlan.ascii(lowerCaseName));
  }

  @Override
  public boolean hasContent() {
    return hasContent;
  }

  @Override
  public CoderPlaces coders() {
    return in.worker().workload().coders();
  }
}
