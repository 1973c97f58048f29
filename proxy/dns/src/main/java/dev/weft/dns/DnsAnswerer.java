package dev.weft.dns;

import dev.weft.demand.Demand;
import dev.weft.demand.Demands;
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
 * answers questions for the other family with nothing and no error. Records of other types are the
 * nameservers' to know; where they know no such name, it exists all the same. Where names are asked
 * for on demand, a query waits for them.
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

    /**
     * Ask a nameserver.
     *
     * @param exists whether the mesh has the name, which is then no answer to hear that it is not
     *     there
     * @param alias of which name that one is an alias; empty for none
     */
    record Forward(DnsQuestion question, boolean exists, String alias) implements Decision {
      /** What the client is told where a nameserver answers this. */
      byte[] settled(byte[] reply) {
        return exists && DnsMessages.code(reply) == DnsMessages.NXDOMAIN
            ? DnsMessages.noData(question, alias)
            : reply;
      }
    }

    /** Say nothing: it was no query. */
    record Drop() implements Decision {}
  }

  /**
   * Decides.
   *
   * @param mayAsk whether the control plane can be asked for names that it was not asked for yet
   */
  Decision decide(byte[] message, boolean udp, boolean mayAsk) {
    return switch (DnsQuestion.read(message)) {
      case DnsQuestion.Read.Asked asked -> decide(asked.question(), udp, mayAsk);
      case DnsQuestion.Read.Refused refused ->
          new Decision.Answer(DnsMessages.refusal(message, refused.code()));
      case DnsQuestion.Read.Noise noise -> new Decision.Drop();
    };
  }

  private Decision decide(DnsQuestion question, boolean udp, boolean mayAsk) {
    if (!names.known()) {
      return new Decision.Answer(DnsMessages.failure(question, DnsMessages.SERVFAIL));
    }
    if (question.qclass() != DnsQuestion.INTERNET) {
      return new Decision.Forward(question, false, "");
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
      return new Decision.Forward(question, false, "");
    }
    int type = question.type();
    if (type != DnsQuestion.A && type != DnsQuestion.AAAA && type != DnsQuestion.ANY) {
      return new Decision.Forward(question, true, found.get().alias());
    }
    List<InetAddress> wanted = new ArrayList<>();
    for (InetAddress candidate : found.get().addresses()) {
      if (type == DnsQuestion.ANY || candidate instanceof Inet4Address == (type == DnsQuestion.A)) {
        wanted.add(candidate);
      }
    }
    if (wanted.isEmpty()) {
      return new Decision.Answer(DnsMessages.noData(question, found.get().alias()));
    }
    Collections.shuffle(wanted, java.util.Random.from(random));
    return new Decision.Answer(
        DnsMessages.addresses(
            question, found.get().alias(), wanted, udp ? question.udpSize() : 65_535));
  }
}
