package dev.weft.config;

import dev.weft.config.SharedMap.Difference;
import dev.weft.config.SharedMap.Node;
import java.security.SecureRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The tree of a {@link SharedMap}. Equal keys have equal ranks, in every tree of a process. */
final class Treap {
  // Whoever names pods must not be able to choose names whose tree is a list: its depth is that of
  // the recursion here. No result depends on it, only how deep trees are.
  private static final long SECRET = new SecureRandom().nextLong();

  private Treap() {}

  /** Of the key's text: different keys may have equal hash codes, if somebody wants them to. */
  static int rank(Object key) {
    String text = key.toString();
    long hash = SECRET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    hash *= 0xff51afd7ed558ccdL;
    return (int) (hash >>> 32);
  }

  /** Which of two keys stands above the other. */
  private static <K extends Comparable<? super K>> boolean above(
      int rank, K key, int otherRank, K other) {
    return rank == otherRank ? key.compareTo(other) < 0 : rank > otherRank;
  }

  private static <K extends Comparable<? super K>, V> boolean above(Node<K, V> a, Node<K, V> b) {
    return above(a.rank, a.getKey(), b.rank, b.getKey());
  }

  static <K extends Comparable<? super K>, V> Node<K, V> with(
      @Nullable Node<K, V> node, K key, V value, int rank) {
    if (node == null) {
      return new Node<>(key, value, rank, null, null);
    }
    int order = key.compareTo(node.getKey());
    if (order == 0) {
      return value.equals(node.getValue())
          ? node
          : new Node<>(node.getKey(), value, rank, node.left, node.right);
    }
    // If it were further down, it would not rank above this one.
    if (above(rank, key, node.rank, node.getKey())) {
      return new Node<>(key, value, rank, below(node, key), beyond(node, key));
    }
    return order < 0
        ? node.over(with(node.left, key, value, rank), node.right)
        : node.over(node.left, with(node.right, key, value, rank));
  }

  static <K extends Comparable<? super K>, V> @Nullable Node<K, V> without(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.getKey());
    if (order == 0) {
      return joined(node.left, node.right);
    }
    return order < 0
        ? node.over(without(node.left, key), node.right)
        : node.over(node.left, without(node.right, key));
  }

  private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> joined(
      @Nullable Node<K, V> less, @Nullable Node<K, V> more) {
    if (less == null || more == null) {
      return less == null ? more : less;
    }
    return above(less, more)
        ? less.over(less.left, joined(less.right, more))
        : more.over(joined(less, more.left), more.right);
  }

  /** The entries with smaller keys. */
  private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> below(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    return node.getKey().compareTo(key) < 0
        ? node.over(node.left, below(node.right, key))
        : below(node.left, key);
  }

  /** The entries with greater keys. */
  private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> beyond(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    return node.getKey().compareTo(key) > 0
        ? node.over(beyond(node.left, key), node.right)
        : beyond(node.right, key);
  }

  static boolean same(@Nullable Node<?, ?> a, @Nullable Node<?, ?> b) {
    if (a == b || a == null || b == null) {
      return a == b;
    }
    return a.size == b.size
        && a.getKey().equals(b.getKey())
        && a.getValue().equals(b.getValue())
        && same(a.left, b.left)
        && same(a.right, b.right);
  }

  static <K extends Comparable<? super K>, V> void compare(
      @Nullable Node<K, V> before, @Nullable Node<K, V> after, Difference<K, V> told) {
    if (before == after) {
      return;
    }
    if (before == null || after == null) {
      boolean gone = after == null;
      all(
          gone ? before : after,
          (key, value) -> told.at(key, gone ? value : null, gone ? null : value));
      return;
    }
    if (before.getKey().compareTo(after.getKey()) == 0) {
      compare(before.left, after.left, told);
      if (!before.getValue().equals(after.getValue())) {
        told.at(after.getKey(), before.getValue(), after.getValue());
      }
      compare(before.right, after.right, told);
      return;
    }
    // The upper of two roots that have different keys is not in the other tree.
    if (above(before, after)) {
      compare(before.left, below(after, before.getKey()), told);
      told.at(before.getKey(), before.getValue(), null);
      compare(before.right, beyond(after, before.getKey()), told);
    } else {
      compare(below(before, after.getKey()), after.left, told);
      told.at(after.getKey(), null, after.getValue());
      compare(beyond(before, after.getKey()), after.right, told);
    }
  }

  private static <K extends Comparable<? super K>, V> void all(
      @Nullable Node<K, V> node, BiConsumer<K, V> told) {
    if (node != null) {
      all(node.left, told);
      told.accept(node.getKey(), node.getValue());
      all(node.right, told);
    }
  }
}
