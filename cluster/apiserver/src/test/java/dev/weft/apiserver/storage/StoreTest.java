package dev.weft.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.object.EventExpiry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final TypeKey TYPE = new TypeKey("", "configmaps");

  @TempDir Path directory;

  private Store open() throws IOException {
    return new Store("test", directory.resolve("objects.db"));
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("ns", name);
  }

  private static ObjectNode object(String value) {
    return Samples.json("{'metadata':{'name':'x'},'value':'" + value + "'}");
  }

  private static StoredObject create(Store store, String name) throws Store.StaleException {
    return store.put(TYPE, key(name), Optional.empty(), object("1"));
  }

  @Test
  void what_was_acknowledged_is_there_after_a_kill() throws Exception {
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy);
    try (Store store = open()) {
      StoredObject first = create(store, "a");
      create(store, "b");
      store.put(TYPE, key("a"), Optional.of(first), object("2"));
      store.remove(TYPE, key("b"), store.get(TYPE, key("b")).orElseThrow());
      // The files as they are at this moment are what a killed process leaves.
      for (String file : List.of("objects.db", "objects.db-wal")) {
        Files.copy(directory.resolve(file), copy.resolve(file));
      }
    }
    try (Store store = new Store("test", copy.resolve("objects.db"))) {
      Store.Snapshot snapshot = store.list(TYPE, "");
      assertThat(snapshot.objects()).hasSize(1);
      assertThat(snapshot.objects().getFirst().object().path("value").asText()).isEqualTo("2");
      assertThat(snapshot.version()).isEqualTo(5);
      assertThat(create(store, "c").version()).isEqualTo(6);
    }
  }

  @Test
  void a_write_on_an_old_state_is_refused() throws Exception {
    try (Store store = open()) {
      StoredObject first = create(store, "a");
      store.put(TYPE, key("a"), Optional.of(first), object("2"));
      assertThatThrownBy(() -> store.put(TYPE, key("a"), Optional.of(first), object("3")))
          .isInstanceOf(Store.StaleException.class);
      assertThatThrownBy(() -> create(store, "a")).isInstanceOf(Store.StaleException.class);
    }
  }

  @Test
  void concurrent_writers_get_versions_of_their_own_and_watches_see_them_in_order()
      throws Exception {
    try (Store store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Store.Subscription events = store.since(TYPE, store.version());
      List<Callable<StoredObject>> writes =
          IntStream.range(0, 200)
              .<Callable<StoredObject>>mapToObj(i -> () -> create(store, "o" + i))
              .toList();
      for (Future<StoredObject> write : executor.invokeAll(writes)) {
        write.get();
      }
      List<Long> seen = new ArrayList<>();
      while (seen.size() < 200) {
        seen.add(events.take().orElseThrow().version());
      }
      assertThat(seen).isSorted().doesNotHaveDuplicates();
      assertThat(store.list(TYPE, "ns").objects()).hasSize(200);
    }
  }

  @Test
  void a_watch_resumes_where_it_was_until_history_is_gone() throws Exception {
    try (Store store = open()) {
      long start = store.version();
      create(store, "a");
      long middle = store.version();
      create(store, "b");
      Store.Subscription resumed = store.since(TYPE, middle);
      assertThat(resumed.take().orElseThrow().object().key().name()).isEqualTo("b");
      for (int i = 0; i < 400; i++) {
        create(store, "many-" + i);
      }
      assertThatThrownBy(() -> store.since(TYPE, start))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.code()).isEqualTo(410);
                assertThat(e.reason()).isEqualTo("Expired");
              });
    }
  }

  @Test
  void events_are_forgotten_once_they_are_old() throws Exception {
    try (Store store = open()) {
      TypeKey events = new TypeKey("", "events");
      for (String[] event :
          new String[][] {{"old", "2026-01-01T00:00:00Z"}, {"new", "2026-01-01T02:00:00Z"}}) {
        store.put(
            events,
            key(event[0]),
            Optional.empty(),
            Samples.json("{'metadata':{},'lastTimestamp':'" + event[1] + "'}"));
      }
      EventExpiry.sweep(store, Instant.parse("2026-01-01T01:00:00Z"));
      assertThat(store.list(events, "").objects())
          .extracting(event -> event.key().name())
          .containsExactly("new");
    }
  }

  @Test
  void a_second_server_on_the_same_directory_is_refused() throws Exception {
    try (Store store = open()) {
      create(store, "a");
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is another server using it?");
    }
  }
}
