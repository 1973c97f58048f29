package dev.weft.proxy.dns;

import dev.weft.proxy.demand.Demand;
import dev.weft.proxy.demand.Demands;
import dev.weft.xds.XdsType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides about queries. Without sockets; immutable apart from the random numbers.
 *
 * <p>Until the first name table every query fails (SERVFAIL), because an answer "there is no such
 * name" from upstream would be remembered by clients. A name that has addresses of one family only
 * answers questions for the other family with nothing and no error. Where names are asked for on
 * demand, a query for an address waits for them.
 */
final class DnsAnswerer {
  private final MeshNames names;
  private final Demands demands;
  private final RandomGenerator random;

  DnsAnswerer(MeshNames names, Demands demands, RandomGenerator random) {
    this.names = names;
    this.demands = demands;
    this.random = random;
  }

  /** What to do with a query. */
  sealed interface Decision {
    /** Send this. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(byte[] message) implements Decision {}

    /** Ask the control plane for these names, then decide again. */
    record Ask(List<Demand> names) implements Decision {
      public Ask {
        names = List.copyOf(names);
      }
    }

    /** Ask a nameserver. */
    record Forward(DnsQuestion question) implements Decision {}

    /** Say nothing: it was no query. */
    record Drop() implements Decision {}
  }

  /**
   * Decides.
   *
   * @param mayAsk whether the control plane can be asked for names that it was not asked for yet
   */
  Decision decide(byte[] message, boolean udp, boolean mayAsk) {
    Optional<DnsQuestion> parsed = DnsQuestion.parse(message);
    if (parsed.isEmpty()) {
      return new Decision.Drop();
    }
    DnsQuestion question = parsed.get();
    if (!names.known()) {
      return new Decision.Answer(DnsMessages.failure(question, DnsMessages.SERVFAIL));
    }
    boolean address = question.type() == DnsQuestion.A || question.type() == DnsQuestion.AAAA;
    if (!address || question.qclass() != DnsQuestion.INTERNET) {
      return new Decision.Forward(question);
    }
    if (mayAsk && demands.on()) {
      List<Demand> asked =
          names.candidates(question.name()).stream()
              .map(name -> new Demand(XdsType.NAME_TABLE, name))
              .toList();
      // All of them, so that the use of each is noted.
      if (asked.stream().filter(demands::settled).count() < asked.size()) {
        return new Decision.Ask(asked);
      }
    }
    Optional<MeshNames.Found> found = names.find(question.name());
    if (found.isEmpty()) {
      return new Decision.Forward(question);
    }
    List<InetAddress> wanted = new ArrayList<>();
    for (InetAddress candidate : found.get().addresses()) {
      if (candidate instanceof Inet4Address == (question.type() == DnsQuestion.A)) {
        wanted.add(candidate);
      }
    }
    Collections.shuffle(wanted, java.util.Random.from(random));
    return new Decision.Answer(
        DnsMessages.addresses(
            question, found.get().alias(), wanted, udp ? question.udpSize() : 65_535));
  }
}
