package dev.weft.config;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in the order of its keys. One that differs in an entry shares all but a few
 * nodes with the one that it was made of, so that making it, and finding out in what the two
 * differ, costs no more than the change is worth: the logarithm of the size for each entry. So does
 * {@link #get}.
 *
 * <p>A treap: a search tree by key that is a heap by a hash of the key's text, which has to be
 * another one for every other key. Its shape follows from its keys alone and not from their
 * history, which is what makes {@link #compare} quick.
 */
public final class SharedMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {
  private static final SharedMap<?, ?> EMPTY = new SharedMap<String, Object>(null);

  private final @Nullable Node<K, V> root;

  /** Learns of an entry that is new ({@code was} is null), gone or different. */
  @FunctionalInterface
  public interface Difference<K, V> {
    void at(K key, @Nullable V was, @Nullable V is);
  }

  private SharedMap(@Nullable Node<K, V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked") // It has no entries of any type.
  public static <K extends Comparable<? super K>, V> SharedMap<K, V> empty() {
    return (SharedMap<K, V>) EMPTY;
  }

  /** The same entries; the map itself where it is one of these already. */
  public static <K extends Comparable<? super K>, V> SharedMap<K, V> copyOf(Map<K, V> source) {
    return source instanceof SharedMap<K, V> shared
        ? shared
        : SharedMap.<K, V>empty().withAll(source);
  }

  /** Tells of all entries in which two maps differ, in the order of the keys. */
  public static <K extends Comparable<? super K>, V> void compare(
      Map<K, V> before, Map<K, V> after, Difference<K, V> told) {
    Treap.compare(copyOf(before).root, copyOf(after).root, told);
  }

  /** With an entry; this map, and the value that it has, where that is equal. */
  public SharedMap<K, V> with(K key, V value) {
    return of(Treap.with(root, key, value, Treap.rank(key)));
  }

  /** Without an entry; this map where there is none. */
  public SharedMap<K, V> without(K key) {
    return of(Treap.without(root, key));
  }

  /** With all entries of another map, too. */
  public SharedMap<K, V> withAll(Map<K, V> more) {
    SharedMap<K, V> all = this;
    for (Map.Entry<K, V> entry : more.entrySet()) {
      all = all.with(entry.getKey(), entry.getValue());
    }
    return all;
  }

  /** With the entries of another map and no others; equal values stay those of this one. */
  public SharedMap<K, V> replacedBy(Map<K, V> all) {
    return withAll(all).keeping(all::containsKey);
  }

  /** With only the entries whose keys pass. */
  public SharedMap<K, V> keeping(Predicate<? super K> kept) {
    SharedMap<K, V> left = this;
    for (K key : keySet()) {
      left = kept.test(key) ? left : left.without(key);
    }
    return left;
  }

  private SharedMap<K, V> of(@Nullable Node<K, V> changed) {
    return changed == root ? this : new SharedMap<>(changed);
  }

  @Override
  public int size() {
    return root == null ? 0 : root.size;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SharedMap<?, ?> shared
        ? Treap.same(root, shared.root)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key) != null;
  }

  @Override
  public @Nullable V get(Object key) {
    Node<K, V> node = find(key);
    return node == null ? null : node.getValue();
  }

  @SuppressWarnings("unchecked") // As Map.get says: other types may be refused.
  private @Nullable Node<K, V> find(Object key) {
    K wanted = (K) key;
    Node<K, V> node = root;
    while (node != null) {
      int order = wanted.compareTo(node.getKey());
      if (order == 0) {
        return node;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return SharedMap.this.size();
      }

      @Override
      public Iterator<Map.Entry<K, V>> iterator() {
        return new InOrder<>(root);
      }
    };
  }

  /** An entry with what stands below it. */
  @SuppressWarnings("serial") // Nobody serializes it.
  static final class Node<K, V> extends SimpleImmutableEntry<K, V> {
    final int rank;
    final int size;
    final @Nullable Node<K, V> left;
    final @Nullable Node<K, V> right;

    Node(K key, V value, int rank, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
      super(key, value);
      this.rank = rank;
      this.left = left;
      this.right = right;
      this.size = 1 + (left == null ? 0 : left.size) + (right == null ? 0 : right.size);
    }

    Node<K, V> over(@Nullable Node<K, V> less, @Nullable Node<K, V> more) {
      return less == left && more == right
          ? this
          : new Node<>(getKey(), getValue(), rank, less, more);
    }
  }

  /** Confined to its user. */
  private static final class InOrder<K, V> implements Iterator<Map.Entry<K, V>> {
    private final Deque<Node<K, V>> path = new ArrayDeque<>();

    InOrder(@Nullable Node<K, V> root) {
      descend(root);
    }

    private void descend(@Nullable Node<K, V> from) {
      for (Node<K, V> node = from; node != null; node = node.left) {
        path.push(node);
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      if (path.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> node = path.pop();
      descend(node.right);
      return node;
    }
  }
}
