package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SharedMapTest {
  private static String key(int number) {
    return "key-%05d".formatted(number);
  }

  private static SharedMap<String, Integer> of(int size) {
    Map<String, Integer> entries = new TreeMap<>();
    IntStream.range(0, size).forEach(i -> entries.put(key(i), i));
    return SharedMap.copyOf(entries);
  }

  private static Map<String, List<Integer>> differences(
      Map<String, Integer> before, Map<String, Integer> after) {
    Map<String, List<Integer>> told = new TreeMap<>();
    List<String> order = new ArrayList<>();
    SharedMap.compare(
        before,
        after,
        (key, was, is) -> {
          order.add(key);
          told.put(key, List.of(was == null ? -1 : was, is == null ? -1 : is));
        });
    assertThat(order).as("in order, each once").containsExactlyElementsOf(told.keySet());
    return told;
  }

  @Test
  void random_changes_do_what_they_do_to_a_tree_map_and_are_found_by_comparison() {
    SplittableRandom random = new SplittableRandom(20260301);
    TreeMap<String, Integer> plain = new TreeMap<>();
    SharedMap<String, Integer> shared = SharedMap.empty();
    for (int round = 0; round < 400; round++) {
      TreeMap<String, Integer> plainBefore = new TreeMap<>(plain);
      SharedMap<String, Integer> before = shared;
      for (int i = random.nextInt(12); i >= 0; i--) {
        String key = key(random.nextInt(200));
        if (random.nextInt(3) == 0) {
          plain.remove(key);
          shared = shared.without(key);
        } else {
          int value = random.nextInt(5);
          plain.put(key, value);
          shared = shared.with(key, value);
        }
      }
      assertThat(shared).isEqualTo(plain).hasSize(plain.size());
      assertThat(shared.keySet()).containsExactlyElementsOf(plain.keySet());
      assertThat(before).as("what was there stays").isEqualTo(plainBefore);
      Map<String, List<Integer>> expected = new TreeMap<>();
      IntStream.range(0, 200)
          .mapToObj(SharedMapTest::key)
          .filter(k -> !Objects.equals(plainBefore.get(k), plain.get(k)))
          .forEach(
              k ->
                  expected.put(
                      k, List.of(plainBefore.getOrDefault(k, -1), plain.getOrDefault(k, -1))));
      assertThat(differences(before, shared)).isEqualTo(expected);
      assertThat(differences(plainBefore, SharedMap.copyOf(plain))).isEqualTo(expected);
      assertThat(SharedMap.copyOf(plain)).isEqualTo(shared).hasSameHashCodeAs(shared);
    }
  }

  @Test
  void what_changes_nothing_gives_the_same_map_and_equal_values_stay_those_that_are_there() {
    String value = "a".repeat(3);
    SharedMap<String, String> map = SharedMap.<String, String>empty().with("k", value);
    assertThat(map.with("k", "a".repeat(3))).isSameAs(map);
    assertThat(map.without("other")).isSameAs(map);
    assertThat(map.keeping(k -> true)).isSameAs(map);
    assertThat(SharedMap.copyOf(map)).isSameAs(map);
    SharedMap<String, String> replaced =
        map.replacedBy(new HashMap<>(Map.of("k", "a".repeat(3), "l", "b")));
    assertThat(replaced.get("k")).isSameAs(value);
    assertThat(replaced.replacedBy(Map.of("k", value))).isEqualTo(map);
  }

  @Test
  void a_comparison_does_not_look_at_what_both_maps_share() {
    AtomicInteger looks = new AtomicInteger();
    record Value(int number, AtomicInteger looks) {
      @Override
      public boolean equals(Object other) {
        looks.incrementAndGet();
        return other instanceof Value value && value.number == number;
      }

      @Override
      public int hashCode() {
        return number;
      }
    }
    SharedMap<String, Value> before = SharedMap.empty();
    for (int i = 0; i < 20_000; i++) {
      before = before.with(key(i), new Value(i, looks));
    }
    SharedMap<String, Value> after =
        before.with(key(777), new Value(-1, looks)).without(key(12_345));
    looks.set(0);
    List<String> told = new ArrayList<>();
    SharedMap.compare(before, after, (key, was, is) -> told.add(key));
    assertThat(told).containsExactly(key(777), key(12_345));
    assertThat(looks).hasValueLessThan(200);
  }

  /** Pods can be named so, and depth is recursion. */
  @Test
  void names_that_were_chosen_to_have_one_hash_code_make_no_deep_tree() {
    List<String> names = List.of("");
    while (names.size() < 1 << 15) {
      names = names.stream().flatMap(n -> Stream.of(n + "an", n + "c0")).toList();
    }
    SharedMap<String, String> map = SharedMap.empty();
    for (String name : names) {
      map = map.with(name, name);
    }
    assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
    assertThat(map).hasSize(names.size());
    assertThat(map.without(names.getLast())).hasSize(names.size() - 1);
  }

  @Test
  void a_map_may_be_of_any_size() {
    assertThat(of(0)).isEmpty();
    assertThat(of(0).get("x")).isNull();
    assertThat(of(5_000)).hasSize(5_000).containsEntry(key(4_321), 4_321);
    assertThat(of(5_000).get(key(5_000))).isNull();
  }
}
