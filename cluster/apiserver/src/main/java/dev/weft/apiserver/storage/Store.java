package dev.weft.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Versioned objects in memory with a durable log behind them.
 *
 * <p>A write is checked against the newest state, queued, written together with what else is
 * waiting, and only then becomes visible to reads and watches and is acknowledged: what somebody
 * has seen is never lost. Reads never touch the disk. Thread-safe.
 */
public final class Store implements AutoCloseable {
  /** Events kept per type for watches that resume; a client that is further behind lists again. */
  private static final int HISTORY = 300;

  private static final int BATCH = 256;

  /** Objects of one type at one moment. */
  public record Snapshot(List<StoredObject> objects, long version) {}

  /** {@code initial} is what existed when the subscription began. */
  public record Following(Snapshot initial, Subscription subscription) {}

  private record Pending(
      TypeKey type,
      ObjectKey key,
      Optional<StoredObject> before,
      Optional<StoredObject> after,
      long version,
      CompletableFuture<StoredObject> done) {}

  private static final class Table {
    final TreeMap<ObjectKey, StoredObject> visible = new TreeMap<>();

    /** What is written but not yet on the disk. */
    final Map<ObjectKey, Pending> head = new HashMap<>();

    final ArrayDeque<StoreEvent> history = new ArrayDeque<>();
    final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    long floor;

    Optional<StoredObject> head(ObjectKey key) {
      Pending pending = head.get(key);
      return pending != null ? pending.after() : Optional.ofNullable(visible.get(key));
    }
  }

  /** A queue of the events of one type. */
  public static final class Subscription implements AutoCloseable {
    private final LinkedBlockingQueue<Optional<StoreEvent>> queue = new LinkedBlockingQueue<>();
    private final Table table;

    private Subscription(Table table) {
      this.table = table;
    }

    /** Waits at most so long; null where nothing came. An empty value means closed. */
    public @Nullable Optional<StoreEvent> poll(long millis) throws InterruptedException {
      return queue.poll(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    public Optional<StoreEvent> take() throws InterruptedException {
      return queue.take();
    }

    public int waiting() {
      return queue.size();
    }

    @Override
    public void close() {
      table.subscriptions.remove(this);
      queue.add(Optional.empty());
    }
  }

  private final Database database;
  private final Thread writer;
  private final LinkedBlockingQueue<Optional<Pending>> queue = new LinkedBlockingQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TypeKey, Table> tables = new HashMap<>();
  private final long openedAt;
  private long assigned;
  private long committed;
  private @Nullable IOException broken;
  private boolean closed;

  public Store(String name, Path file) throws IOException {
    database = new Database(file);
    long version =
        database.load(
            (type, key, rowVersion, body) ->
                table(TypeKey.parse(type))
                    .visible
                    .put(key, new StoredObject(key, Json.stored(body), rowVersion)));
    openedAt = version;
    assigned = version;
    committed = version;
    tables.values().forEach(table -> table.floor = version);
    writer = Thread.ofPlatform().name("store-" + name).daemon().unstarted(this::writeLoop);
    writer.start();
  }

  private Table table(TypeKey type) {
    return tables.computeIfAbsent(
        type,
        ignored -> {
          Table table = new Table();
          table.floor = openedAt;
          return table;
        });
  }

  public Optional<StoredObject> get(TypeKey type, ObjectKey key) {
    lock.lock();
    try {
      return Optional.ofNullable(table(type).visible.get(key));
    } finally {
      lock.unlock();
    }
  }

  /** The newest state, which may not be on the disk yet: only as the base of a write. */
  public Optional<StoredObject> head(TypeKey type, ObjectKey key) {
    lock.lock();
    try {
      return table(type).head(key);
    } finally {
      lock.unlock();
    }
  }

  /** {@code namespace} "" for all. */
  public Snapshot list(TypeKey type, String namespace) {
    lock.lock();
    try {
      return snapshot(table(type), namespace);
    } finally {
      lock.unlock();
    }
  }

  private Snapshot snapshot(Table table, String namespace) {
    if (namespace.isEmpty()) {
      return new Snapshot(List.copyOf(table.visible.values()), committed);
    }
    return new Snapshot(
        List.copyOf(
            table
                .visible
                .subMap(new ObjectKey(namespace, ""), new ObjectKey(namespace + "\0", ""))
                .values()),
        committed);
  }

  /** The version that everything visible has reached. */
  public long version() {
    lock.lock();
    try {
      return committed;
    } finally {
      lock.unlock();
    }
  }

  /** What exists now and every change from here on. */
  public Following follow(TypeKey type) {
    lock.lock();
    try {
      Table table = table(type);
      Subscription subscription = new Subscription(table);
      table.subscriptions.add(subscription);
      return new Following(snapshot(table, ""), subscription);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Every change after {@code version}.
   *
   * @throws ApiException 410 where the changes since then are no longer known
   */
  public Subscription since(TypeKey type, long version) {
    lock.lock();
    try {
      Table table = table(type);
      if (version < table.floor) {
        throw Errors.expired(version, table.floor);
      }
      Subscription subscription = new Subscription(table);
      for (StoreEvent event : table.history) {
        if (event.version() > version) {
          subscription.queue.add(Optional.of(event));
        }
      }
      table.subscriptions.add(subscription);
      return subscription;
    } finally {
      lock.unlock();
    }
  }

  /** What a write found instead of the state that it was based on. */
  public static final class StaleException extends Exception {
    private static final long serialVersionUID = 1L;

    public StaleException() {
      super("the object has been modified", null, false, false);
    }
  }

  /**
   * Puts {@code object}, which from now on belongs to the store, in the place of {@code base}.
   *
   * @param base what the caller read from {@link #head}; empty for a creation
   * @throws StaleException where something else is there now
   */
  public StoredObject put(
      TypeKey type, ObjectKey key, Optional<StoredObject> base, ObjectNode object)
      throws StaleException {
    return write(type, key, base, Optional.of(object));
  }

  /** Removes an object; returns its last state with the version of the deletion. */
  public StoredObject remove(TypeKey type, ObjectKey key, StoredObject base) throws StaleException {
    return write(type, key, Optional.of(base), Optional.empty());
  }

  private StoredObject write(
      TypeKey type, ObjectKey key, Optional<StoredObject> base, Optional<ObjectNode> object)
      throws StaleException {
    CompletableFuture<StoredObject> done = new CompletableFuture<>();
    lock.lock();
    try {
      if (broken != null || closed) {
        throw Errors.internal(
            "the object storage is "
                + (broken != null ? "broken: " + broken.getMessage() : "closed"));
      }
      Table table = table(type);
      Optional<StoredObject> now = table.head(key);
      if (now.map(StoredObject::version).orElse(0L)
          != (long) base.map(StoredObject::version).orElse(0L)) {
        throw new StaleException();
      }
      long version = ++assigned;
      ObjectNode last = object.orElseGet(() -> withOwnMetadata(base.orElseThrow().object()));
      Json.meta(last).put("resourceVersion", Long.toString(version));
      StoredObject stored = new StoredObject(key, last, version);
      Pending pending =
          object.isEmpty()
              ? new Pending(type, key, Optional.of(stored), Optional.empty(), version, done)
              : new Pending(type, key, now, Optional.of(stored), version, done);
      table.head.put(key, pending);
      queue.add(Optional.of(pending));
    } finally {
      lock.unlock();
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      throw Errors.internal("the object storage is broken: " + e.getCause());
    }
  }

  private static ObjectNode withOwnMetadata(ObjectNode object) {
    ObjectNode copy = Json.shallow(object);
    copy.set("metadata", Json.shallow(Json.meta(object)));
    return copy;
  }

  private void writeLoop() {
    List<Optional<Pending>> batch = new ArrayList<>();
    while (true) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(batch, BATCH);
      List<Pending> writes = batch.stream().flatMap(Optional::stream).toList();
      boolean last = writes.size() < batch.size();
      batch.clear();
      if (!writes.isEmpty()) {
        commit(writes);
      }
      if (last) {
        return;
      }
    }
  }

  private void commit(List<Pending> writes) {
    IOException failure = null;
    try {
      if (broken == null) {
        database.write(
            writes.stream()
                .map(
                    w ->
                        new Database.Row(
                            w.type().text(),
                            w.key(),
                            w.version(),
                            w.after().map(after -> Json.bytes(after.object()))))
                .toList());
      }
    } catch (IOException e) {
      failure = e;
    }
    lock.lock();
    try {
      if (failure != null) {
        broken = failure;
      }
      for (Pending write : writes) {
        publish(write);
      }
    } finally {
      lock.unlock();
    }
    IOException reason = broken;
    for (Pending write : writes) {
      if (reason != null) {
        write.done().completeExceptionally(reason);
      } else {
        write.done().complete(write.after().or(write::before).orElseThrow());
      }
    }
  }

  private void publish(Pending write) {
    Table table = table(write.type());
    Pending head = table.head.get(write.key());
    if (head != null && head.version() == write.version()) {
      table.head.remove(write.key());
    }
    if (broken != null) {
      return;
    }
    if (write.after().isPresent()) {
      table.visible.put(write.key(), write.after().get());
    } else {
      table.visible.remove(write.key());
    }
    committed = write.version();
    StoreEvent event = new StoreEvent(write.before(), write.after(), write.version());
    table.history.add(event);
    if (table.history.size() > HISTORY) {
      table.floor = table.history.removeFirst().version();
    }
    table.subscriptions.forEach(subscription -> subscription.queue.add(Optional.of(event)));
  }

  /** Ends all subscriptions; everything acknowledged is on the disk. */
  @Override
  public void close() throws IOException {
    List<Subscription> open = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      queue.add(Optional.empty());
      tables.values().forEach(table -> open.addAll(table.subscriptions));
    } finally {
      lock.unlock();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.forEach(Subscription::close);
    database.close();
  }
}
