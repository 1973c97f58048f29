package dev.weft.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PeerMemoryTest {
  private final Queue<Runnable> afterwards = new ArrayDeque<>();
  private final PeerMemory memory = new PeerMemory(100, afterwards::add);
  private final List<String> shed = new ArrayList<>();

  /** Holds what a test says. */
  private final class Peer implements PeerMemory.Holder {
    private final String name;
    private final PeerMemory.Share share = memory.share(this);
    private long bytes;

    Peer(String name) {
      this.name = name;
    }

    void holds(long now) {
      bytes = now;
      share.changed();
    }

    /** As when a socket takes something, of which nobody hears. */
    void silentlyHolds(long now) {
      bytes = now;
    }

    @Override
    public long held() {
      return bytes;
    }

    @Override
    public void shed() {
      bytes = 0;
      shed.add(name);
    }
  }

  private final Peer first = new Peer("first");
  private final Peer second = new Peer("second");
  private final Peer third = new Peer("third");

  @Test
  void nobody_is_shed_within_the_bound() {
    first.holds(60);
    second.holds(40);
    assertThat(shed).isEmpty();
    assertThat(memory.total()).isEqualTo(100);
  }

  @Test
  void who_has_not_moved_for_the_longest_time_is_shed_first() {
    first.holds(40);
    second.holds(40);
    third.holds(30);
    assertThat(shed).containsExactly("first");
    third.holds(61);
    assertThat(shed).containsExactly("first", "second");
    assertThat(memory.total()).isEqualTo(61);
  }

  @Test
  void who_took_something_is_last_even_where_nobody_heard_of_it() {
    first.holds(40);
    second.holds(40);
    first.silentlyHolds(35);
    third.holds(30);
    assertThat(shed).containsExactly("second");
    assertThat(memory.total()).isEqualTo(65);
  }

  @Test
  void holding_more_is_no_movement() {
    first.holds(10);
    second.holds(10);
    first.holds(50);
    third.holds(41);
    assertThat(shed).containsExactly("first");
  }

  @Test
  void what_was_taken_by_all_costs_nobody_anything() {
    first.holds(50);
    second.holds(50);
    first.silentlyHolds(0);
    second.silentlyHolds(0);
    third.holds(100);
    assertThat(shed).isEmpty();
    assertThat(memory.total()).isEqualTo(100);
  }

  @Test
  void who_alone_holds_too_much_is_shed_after_what_it_is_doing() {
    first.holds(101);
    assertThat(shed).isEmpty();
    assertThat(memory.total()).isZero();
    afterwards.remove().run();
    assertThat(shed).containsExactly("first");
    first.holds(5);
    assertThat(memory.total()).isZero();
  }

  @Test
  void the_slowest_can_be_asked_to_go_within_the_bound() {
    first.holds(10);
    second.holds(10);
    first.silentlyHolds(9);
    assertThat(memory.shedSlowest()).isTrue();
    assertThat(shed).containsExactly("second");
    first.silentlyHolds(0);
    assertThat(memory.shedSlowest()).isFalse();
  }

  @Test
  void who_ended_counts_no_more() {
    first.holds(90);
    first.share.end();
    second.holds(90);
    assertThat(shed).isEmpty();
  }

  @Test
  void the_bound_holds_whatever_peers_do() {
    SplittableRandom random = new SplittableRandom(7);
    List<Peer> peers = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (peers.size() < 20) {
        peers.add(new Peer("peer " + step));
      }
      Peer peer = peers.get(random.nextInt(peers.size()));
      if (random.nextInt(3) == 0) {
        peer.silentlyHolds(random.nextLong(peer.bytes + 1));
      } else {
        peer.holds(random.nextInt(60));
      }
      while (!afterwards.isEmpty()) {
        afterwards.remove().run();
      }
      peers.removeIf(each -> shed.contains(each.name));
      shed.clear();
      assertThat(memory.total()).isBetween(0L, 100L);
      assertThat(peers.stream().mapToLong(each -> each.bytes).sum())
          .isLessThanOrEqualTo(memory.total());
    }
  }

  @Test
  void limits_follow_the_memory_of_the_process_and_loops_share_them() {
    PeerLimits shipped = PeerLimits.of(40 << 20, 48 << 20);
    assertThat(shipped.headBytes()).isEqualTo(4 << 20);
    assertThat(shipped.pendingBytes()).isEqualTo(16 << 20);
    assertThat(shipped.connections()).isBetween(2000, 2500);
    assertThat(shipped.share(2).pendingBytes()).isEqualTo(8 << 20);
    assertThat(PeerLimits.of(4L << 30, 4L << 30).connections()).isEqualTo(100_000);
  }
}
