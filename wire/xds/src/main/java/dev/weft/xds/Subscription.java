package dev.weft.xds;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one client asked for of one type, and how far it has confirmed what it was sent. Immutable.
 *
 * @param wildcard whether the client wants every resource of the type
 * @param names what the client asked for by name
 * @param held how many resources the client holds
 * @param unanswered the nonce of the response that the client has not answered yet; null where it
 *     has answered all
 * @param version of the last response, empty before the first
 * @param refused what the client does not take, in the order of names, until it is mended
 */
public record Subscription(
    XdsType type,
    boolean wildcard,
    Set<String> names,
    int held,
    @Nullable String unanswered,
    Verdict verdict,
    String version,
    List<Refusal> refused) {

  /** How the client took what it was sent. */
  public sealed interface Verdict {
    /** Nothing was sent yet, or nothing sent was answered yet. */
    record None() implements Verdict {}

    record Acked(String nonce) implements Verdict {}

    /**
     * The client keeps what it had of the resources that it refused.
     *
     * @param message the client's own words
     */
    record Nacked(String nonce, String message) implements Verdict {}
  }

  public Subscription {
    names = Set.copyOf(names);
    refused = List.copyOf(refused);
  }

  public Optional<String> inFlight() {
    return Optional.ofNullable(unanswered);
  }

  public boolean wants(String name) {
    return wildcard || names.contains(name);
  }
}
