package dev.weft.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Inside a package, files may know each other in rings of at most three: what is in a larger one
 * can only be read as a whole. A sealed family counts as one file, and a record may name the class
 * that reads it from its source.
 */
class RingTest {
  private static final int MOST = 3;

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.weft");

  @Test
  void no_ring_of_files_in_a_package_is_larger_than_three() {
    assertThat(rings())
        .as("parts that know each other: give them facts, and let them return what is to be done")
        .isEmpty();
  }

  /** Rings that are too large, by package. */
  private static SortedMap<String, List<SortedSet<String>>> rings() {
    Map<String, SortedSet<String>> graph = new TreeMap<>();
    for (JavaClass type : HOUSE) {
      String from = file(type);
      graph.computeIfAbsent(from, f -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        while (target.isArray()) {
          target = target.getComponentType();
        }
        if (target.getPackageName().equals(type.getPackageName())
            && !file(target).equals(from)
            && !reads(outer(target), outer(type))) {
          graph.get(from).add(file(target));
        }
      }
    }
    SortedMap<String, List<SortedSet<String>>> out = new TreeMap<>();
    for (SortedSet<String> ring : new Rings(graph).all()) {
      if (ring.size() > MOST) {
        String name = ring.first();
        out.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), p -> new ArrayList<>())
            .add(ring);
      }
    }
    return out;
  }

  private static JavaClass outer(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  /** The file of a type, or the one that stands for its family. */
  private static String file(JavaClass type) {
    return head(outer(type)).getName();
  }

  /** Whether a class reads a record from its source. */
  private static boolean reads(JavaClass parser, JavaClass read) {
    return read.isRecord()
        && List.of(read.getName() + "Parser", read.getName() + "Compiler")
            .contains(parser.getName());
  }

  /** The sealed type of the same package that a type belongs to, or the type itself. */
  private static JavaClass head(JavaClass type) {
    Set<JavaClass> above = new HashSet<>(type.getAllRawInterfaces());
    above.addAll(type.getAllRawSuperclasses());
    return above.stream()
        .filter(t -> t.getPackageName().equals(type.getPackageName()))
        .filter(t -> t.reflect().isSealed() && t.getEnclosingClass().isEmpty())
        .min((a, b) -> Integer.compare(height(a), height(b)))
        .orElse(type);
  }

  private static int height(JavaClass type) {
    return type.getAllRawInterfaces().size() + type.getAllRawSuperclasses().size();
  }

  /** Which nodes of a graph reach each other (Tarjan, 1972). */
  private static final class Rings {
    private final Map<String, SortedSet<String>> graph;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<SortedSet<String>> found = new ArrayList<>();

    Rings(Map<String, SortedSet<String>> graph) {
      this.graph = graph;
    }

    List<SortedSet<String>> all() {
      for (String node : graph.keySet()) {
        if (!index.containsKey(node)) {
          visit(node);
        }
      }
      return found;
    }

    private void visit(String node) {
      index.put(node, index.size());
      low.put(node, index.get(node));
      open.push(node);
      for (String next : graph.getOrDefault(node, new TreeSet<>())) {
        if (!index.containsKey(next)) {
          visit(next);
          low.merge(node, low.get(next), Math::min);
        } else if (open.contains(next)) {
          low.merge(node, index.get(next), Math::min);
        }
      }
      if (low.get(node).equals(index.get(node))) {
        SortedSet<String> ring = new TreeSet<>();
        String member;
        do {
          member = open.pop();
          ring.add(member);
        } while (!member.equals(node));
        found.add(ring);
      }
    }
  }
}
