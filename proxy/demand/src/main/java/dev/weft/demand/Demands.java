package dev.weft.demand;

import dev.weft.demand.Demanded.State;
import dev.weft.xds.OnDemand;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the traffic of a pod has needed so far: the loops that serve traffic note what they lack and
 * wait for it, and the session with the control plane asks for it and says what came. Names that
 * nobody has used for an hour are dropped; of each type there are at most {@link #MOST}, the least
 * recently used make place for others. Thread-safe.
 */
public final class Demands {
  /** Of each type. */
  static final int MOST = 4096;

  /** How many connections, requests and queries wait at the same time; others do not wait. */
  static final int MOST_WAITING = 4096;

  private static final int EXPIRY_SECONDS = 60;

  /** How many make place at once: looking for the least recently used costs all of them. */
  private static final int PLACE = MOST / 16;

  private static final List<XdsType> TYPES =
      List.of(XdsType.LISTENER, XdsType.VIRTUAL_HOST, XdsType.NAME_TABLE);

  private final boolean on;
  private final LongSupplier nanoTime;
  private final Map<XdsType, ConcurrentHashMap<String, Demanded>> byType =
      new EnumMap<>(XdsType.class);
  private final AtomicLong waits = new AtomicLong();
  private final AtomicLong vain = new AtomicLong();
  private final AtomicBoolean telling = new AtomicBoolean();
  private volatile Runnable tell = () -> {};
  // Until an attempt to connect has failed: what begins right after a restart can wait, too.
  private volatile boolean reachable = true;
  // Guarded by this.
  private final Set<Awaiting> waiting = new HashSet<>();

  private Demands(boolean on, LongSupplier nanoTime) {
    this.on = on;
    this.nanoTime = nanoTime;
    TYPES.forEach(type -> byType.put(type, new ConcurrentHashMap<>()));
  }

  /** Of a proxy that is told everything: there is nothing to ask for. */
  public static Demands none() {
    return new Demands(false, System::nanoTime);
  }

  /** Of a proxy that asks. */
  public static Demands asking() {
    return asking(System::nanoTime);
  }

  /**
   * Of a proxy that asks.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  static Demands asking(LongSupplier nanoTime) {
    return new Demands(true, nanoTime);
  }

  /** Whether the proxy asks at all. */
  public boolean on() {
    return on;
  }

  /**
   * From now on drops what nobody uses, and calls back when there is more or less to ask for than
   * before: once for any number of changes that the loop has not looked at.
   *
   * @param changed called on the loop
   */
  public void start(ScheduledExecutorService loop, Runnable changed) {
    tell =
        () -> {
          if (telling.compareAndSet(false, true)) {
            loop.execute(
                () -> {
                  telling.set(false);
                  changed.run();
                });
          }
        };
    loop.scheduleWithFixedDelay(
        () -> {
          if (expire()) {
            tell.run();
          }
        },
        EXPIRY_SECONDS,
        EXPIRY_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Whether it was answered, and the answer is in force. Counts as a use. */
  public boolean settled(Demand demand) {
    Demanded known = used(demand);
    return known != null && known.state() == State.SETTLED;
  }

  /** What is known of a demand, which counts as used; null where nobody asked. */
  public @Nullable Demanded used(Demand demand) {
    Demanded known = all(demand.type()).get(demand.name());
    if (known != null) {
      known.used(nanoTime.getAsLong());
    }
    return known;
  }

  /** These were used now. */
  public void used(List<Demanded> some) {
    long now = nanoTime.getAsLong();
    some.forEach(one -> one.used(now));
  }

  /**
   * Asks for what was not asked for yet, and waits until all of it has come and is in force: not
   * longer than {@link OnDemand#PATIENCE}, and not at all where the control plane is away, nothing
   * is missing, or too many wait already.
   *
   * @param loop of the caller, on which it is called back
   * @param goOn called once, also where nothing came
   * @return null where the caller goes on at once and is not called back
   */
  public @Nullable Awaiting await(
      List<Demand> needs, ScheduledExecutorService loop, Runnable goOn) {
    Awaiting one = new Awaiting(this, needs, () -> loop.execute(goOn));
    boolean more;
    boolean wait;
    synchronized (this) {
      more = note(needs);
      wait = reachable && pending(needs) && waiting.size() < MOST_WAITING;
      if (wait) {
        waiting.add(one);
      }
    }
    if (more) {
      tell.run();
    }
    if (!wait) {
      return null;
    }
    waits.incrementAndGet();
    loop.schedule(one::late, OnDemand.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    return one;
  }

  /** Whether anything of it is to come. */
  private boolean pending(List<Demand> needs) {
    boolean pending = false;
    for (Demand need : needs) {
      Demanded known = all(need.type()).get(need.name());
      if (known == null || known.state() == State.LATE) {
        return false;
      }
      pending |= known.state() != State.SETTLED;
    }
    return pending;
  }

  /** Whether anything of it is new. */
  private boolean note(List<Demand> needs) {
    long now = nanoTime.getAsLong();
    boolean more = false;
    for (Demand need : needs) {
      Map<String, Demanded> all = all(need.type());
      if (!all.containsKey(need.name()) && (all.size() < MOST || makePlace(all))) {
        all.put(need.name(), new Demanded(State.ASKED, now));
        more = true;
      }
    }
    return more;
  }

  /** False where everything is in use. */
  private static boolean makePlace(Map<String, Demanded> all) {
    List<Map.Entry<String, Demanded>> idle =
        new ArrayList<>(
            all.entrySet().stream()
                .filter(e -> !e.getValue().held() && e.getValue().state() == State.SETTLED)
                .toList());
    idle.sort(Comparator.comparingLong(e -> e.getValue().lastUse()));
    idle.stream().limit(PLACE).forEach(e -> all.remove(e.getKey()));
    return !idle.isEmpty();
  }

  private ConcurrentHashMap<String, Demanded> all(XdsType type) {
    ConcurrentHashMap<String, Demanded> all = byType.get(type);
    if (all == null) {
      throw new IllegalArgumentException(type + " is not asked for by traffic");
    }
    return all;
  }

  /** What is asked for by traffic, in the order of names. */
  public Set<String> names(XdsType type) {
    return new TreeSet<>(all(type).keySet());
  }

  /** What the control plane was asked for by traffic and has not answered. */
  public Set<String> unanswered(XdsType type) {
    return all(type).entrySet().stream()
        .filter(e -> e.getValue().state() == State.ASKED)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** It was asked for before this process began, and the answer is known. */
  public void remember(Demand demand) {
    if (on && TYPES.contains(demand.type())) {
      all(demand.type())
          .putIfAbsent(demand.name(), new Demanded(State.SETTLED, nanoTime.getAsLong()));
    }
  }

  /** The control plane has answered. */
  public void answered(XdsType type, String name, boolean present) {
    if (!TYPES.contains(type)) {
      return;
    }
    Demanded known = all(type).get(name);
    if (known != null && known.state() != State.SETTLED) {
      known.become(present ? State.ANSWERED : State.SETTLED);
    }
  }

  /** Everything that was answered is in force. */
  public void inForce() {
    byType
        .values()
        .forEach(
            all ->
                all.values().stream()
                    .filter(known -> known.state() == State.ANSWERED)
                    .forEach(known -> known.become(State.SETTLED)));
    wakeTheServed();
  }

  /** Lets those go on whose demands are all settled. */
  public void wakeTheServed() {
    List<Awaiting> served = new ArrayList<>();
    synchronized (this) {
      for (Awaiting one : List.copyOf(waiting)) {
        if (!pending(one.needs()) && end(one)) {
          served.add(one);
        }
      }
    }
    served.forEach(Awaiting::goOn);
  }

  /** Whether there is a control plane to ask. Where there is none, nobody waits. */
  public void reachable(boolean now) {
    reachable = now;
    if (now) {
      return;
    }
    List<Awaiting> all;
    synchronized (this) {
      all = List.copyOf(waiting);
      all.forEach(this::end);
    }
    vain.addAndGet(all.size());
    all.forEach(Awaiting::goOn);
  }

  void late(Awaiting one) {
    synchronized (this) {
      if (!end(one)) {
        return;
      }
      for (Demand need : one.needs()) {
        Demanded known = all(need.type()).get(need.name());
        if (known != null && known.state() == State.ASKED) {
          known.become(State.LATE);
        }
      }
    }
    vain.incrementAndGet();
    one.goOn();
  }

  synchronized void forget(Awaiting one) {
    boolean unused = end(one);
  }

  private boolean end(Awaiting one) {
    waiting.remove(one);
    return one.end();
  }

  /**
   * Drops what nobody has used for an hour.
   *
   * @return whether there was any
   */
  synchronized boolean expire() {
    long now = nanoTime.getAsLong();
    boolean dropped = false;
    for (Map<String, Demanded> all : byType.values()) {
      dropped |=
          all.values()
              .removeIf(
                  known -> !known.held() && now - known.lastUse() > OnDemand.UNUSED.toNanos());
    }
    return dropped;
  }

  /** How many names are asked for. */
  public int size() {
    return byType.values().stream().mapToInt(Map::size).sum();
  }

  /** How many connections, requests and queries have waited. */
  public long waits() {
    return waits.get();
  }

  /** How many of them went on without an answer. */
  public long vain() {
    return vain.get();
  }
}
