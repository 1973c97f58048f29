package dev.weft.bench;

import dev.weft.routing.Balancer;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.routing.LoadAssignment;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long the pick of an endpoint takes under each policy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BalancerBenchmark {
  /** The policies, with the defaults of the API where they have some. */
  public enum Policy {
    ROUND_ROBIN(new LbPolicy.RoundRobin(), false),
    LEAST_REQUEST(new LbPolicy.LeastRequest(2), false),
    RANDOM(new LbPolicy.Random(), false),
    RING_HASH(new LbPolicy.RingHash(1024), true),
    MAGLEV(new LbPolicy.Maglev(65_537), true);

    private final LbPolicy policy;
    private final boolean hashed;

    Policy(LbPolicy policy, boolean hashed) {
      this.policy = policy;
      this.hashed = hashed;
    }
  }

  @Param public Policy policy = Policy.RANDOM;

  @Param({"10", "1000"})
  public int endpoints;

  private final SplittableRandom random = new SplittableRandom(7);
  private final Balancer.Wish[] wishes = new Balancer.Wish[256];
  private final int[] active = new int[1000];
  private final Balancer.Load load = host -> active[host];
  private Balancer balancer =
      Balancer.of(new LbPolicy.Random(), LbTuning.DEFAULT, LoadAssignment.empty("none"));
  private int next;

  @Setup
  public void build() {
    List<Endpoint> members = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      HostPort address = new HostPort("10.244." + i / 250 + "." + i % 250, 8080);
      members.add(new Endpoint(address, "", 1, Endpoint.Health.HEALTHY, Map.of(), "", ""));
      active[i] = random.nextInt(8);
    }
    balancer =
        Balancer.of(
            policy.policy,
            LbTuning.DEFAULT,
            new LoadAssignment(
                "app", List.of(new LoadAssignment.Group(Locality.UNKNOWN, 0, 1, members)), 140));
    for (int i = 0; i < wishes.length; i++) {
      wishes[i] = policy.hashed ? Balancer.Wish.of(random.nextLong()) : Balancer.Wish.PLAIN;
    }
  }

  @Benchmark
  public int pick() {
    return balancer.pick(load, random, wishes[next++ & 255]);
  }
}
