package dev.weft.server.worker;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.loop.Clock;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The places that one loop has for clients' connections, and who gives one up when all are taken.
 * First goes whoever has kept the proxy waiting, then whoever does not take what it is sent, then a
 * connection that nothing passes on. Confined to its loop.
 */
final class Places {
  /** In which a client that means well says something. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The same, in ticks: a connection that was used just before a tick gets a whole one. */
  private static final int PATIENCE_TICKS = 2;

  /** As many are chosen at a time, so that a crowd at the door does not cost a search each. */
  private static final int CHOSEN = 64;

  private final int most;
  private final PeerMemory pending;
  private final Clock clock;
  private final Set<Channel> accepted = new HashSet<>();
  private final Set<Drainable> connections = new LinkedHashSet<>();
  // Since when, by the clock; who began first is first.
  private final SequencedMap<Waiting, Long> waiting = new LinkedHashMap<>();
  private final Queue<Drainable> quiet = new ArrayDeque<>();
  private int tick;
  private int searched = -1;

  /**
   * @param most how many connections
   * @param pending what is held for them
   */
  Places(int most, PeerMemory pending, Clock clock) {
    this.most = most;
    this.pending = pending;
    this.clock = clock;
  }

  /** Connections that have their handler. */
  Set<Drainable> connections() {
    return connections;
  }

  /** A clock that costs nothing to read, in seconds: {@link #advance} is what moves it. */
  int tick() {
    return tick;
  }

  /** A second is over. */
  void advance() {
    tick++;
  }

  void waits(Waiting connection) {
    waiting.put(connection, clock.nanos());
  }

  void waitsNoMore(Waiting connection) {
    waiting.remove(connection);
  }

  /** Gives a channel a place, or says that there is none. */
  boolean take(Channel channel) {
    if (accepted.size() >= most && !makeRoom(channel)) {
      return false;
    }
    accepted.add(channel);
    return true;
  }

  void leave(Channel channel) {
    accepted.remove(channel);
  }

  /** Closes every client's channel, whatever state it is in. */
  void closeAll() {
    List.copyOf(accepted).forEach(Channel::close);
  }

  private boolean makeRoom(Channel newcomer) {
    Map.Entry<Waiting, Long> longest = waiting.firstEntry();
    if (longest != null && clock.nanos() - longest.getValue() >= PATIENCE_NANOS) {
      yielded(longest.getKey());
      return true;
    }
    if (pending.shedSlowest() || quietYields()) {
      return true;
    }
    // A burst of newcomers shall not push each other out before they could speak.
    if (accepted.size() < most + most / 4) {
      return true;
    }
    InetAddress crowd = crowd();
    if (crowd != null && !crowd.equals(client(newcomer))) {
      closeOneOf(crowd);
      return true;
    }
    Waiting last = longest(crowd);
    if (last == null) {
      return false;
    }
    yielded(last);
    return true;
  }

  /** The address of more than half of all clients, or null: it makes room for others at once. */
  private @Nullable InetAddress crowd() {
    InetAddress leading = null;
    int lead = 0;
    for (Channel each : accepted) {
      InetAddress client = client(each);
      if (lead == 0) {
        leading = client;
      }
      lead += client.equals(leading) ? 1 : -1;
    }
    int size = 0;
    for (Channel each : accepted) {
      size += client(each).equals(leading) ? 1 : 0;
    }
    return size * 2 > accepted.size() ? leading : null;
  }

  private void closeOneOf(InetAddress crowd) {
    for (Channel each : accepted) {
      if (client(each).equals(crowd)) {
        each.close();
        return;
      }
    }
  }

  /** Who has waited for longest; only of a crowd, where there is one. */
  private @Nullable Waiting longest(@Nullable InetAddress crowd) {
    for (Waiting each : waiting.keySet()) {
      if (crowd == null || crowd.equals(client(each.connection()))) {
        return each;
      }
    }
    return null;
  }

  private static InetAddress client(DownstreamConnection connection) {
    InetAddress client = connection.remote().getAddress();
    return client == null ? InetAddress.getLoopbackAddress() : client;
  }

  private static InetAddress client(Channel channel) {
    InetAddress client =
        channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    return client == null ? InetAddress.getLoopbackAddress() : client;
  }

  private void yielded(Waiting one) {
    waiting.remove(one);
    one.yieldPlace();
  }

  private boolean quietYields() {
    Drainable one = nextQuiet();
    if (one == null && searched != tick) {
      searched = tick;
      quiet.addAll(quietest());
      one = nextQuiet();
    }
    if (one == null) {
      return false;
    }
    one.yieldPlace();
    return true;
  }

  private boolean isQuiet(Drainable connection) {
    return tick - connection.quietSince() >= PATIENCE_TICKS;
  }

  private @Nullable Drainable nextQuiet() {
    Drainable next = quiet.poll();
    while (next != null && !(connections.contains(next) && isQuiet(next))) {
      next = quiet.poll();
    }
    if (quiet.isEmpty() && next != null) {
      searched = -1;
    }
    return next;
  }

  /** Of the client that has most of them: whoever fills a proxy makes room for the others. */
  private List<Drainable> quietest() {
    Map<InetAddress, List<Drainable>> byClient = new HashMap<>();
    for (Drainable connection : connections) {
      if (isQuiet(connection)) {
        byClient
            .computeIfAbsent(client(connection.connection()), a -> new ArrayList<>())
            .add(connection);
      }
    }
    return byClient.values().stream()
        .max(Comparator.comparingInt(List::size))
        .orElse(List.of())
        .stream()
        .sorted(Comparator.comparingInt(Drainable::quietSince))
        .limit(CHOSEN)
        .toList();
  }
}
