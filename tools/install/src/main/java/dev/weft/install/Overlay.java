package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a rendered object, as {@code k8s.overlays} has them.
 *
 * @param kind of the object
 * @param name of the object
 */
record Overlay(String kind, String name, List<Patch> patches) {

  /**
   * One change.
   *
   * @param path such as {@code spec.template.spec.containers.[name:discovery].args.[-1]}; a dot
   *     inside of a key is written {@code \.}
   * @param value null deletes
   */
  record Patch(String path, @Nullable Object value) {}

  Overlay {
    patches = List.copyOf(patches);
  }

  /** The object, changed if it is the one that is meant. */
  KubeObject applied(KubeObject object) {
    if (!object.kind().kind().equals(kind) || !object.name().equals(name)) {
      return object;
    }
    Map<String, Object> body = object.body();
    for (Patch patch : patches) {
      Object changed = changed(body, steps(patch.path()), patch);
      body = Trees.map(changed);
    }
    return KubeObject.of(body);
  }

  private static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    for (String step : path.split("(?<!\\\\)\\.", -1)) {
      steps.add(step.replace("\\.", "."));
    }
    return steps;
  }

  private Object changed(@Nullable Object tree, List<String> steps, Patch patch) {
    String step = steps.getFirst();
    List<String> rest = steps.subList(1, steps.size());
    if (step.startsWith("[") && step.endsWith("]")) {
      return changedList(Trees.list(tree), step.substring(1, step.length() - 1), rest, patch);
    }
    Map<String, Object> map = new LinkedHashMap<>(Trees.map(tree));
    if (!rest.isEmpty()) {
      map.put(step, changed(map.get(step), rest, patch));
    } else if (patch.value() == null) {
      map.remove(step);
    } else {
      map.put(step, patch.value());
    }
    return map;
  }

  private Object changedList(List<?> old, String which, List<String> rest, Patch patch) {
    List<Object> list = new ArrayList<>(old);
    int index = index(list, which, patch);
    if (!rest.isEmpty() && index == list.size()) {
      throw nothing(which, patch);
    }
    if (!rest.isEmpty()) {
      list.set(index, changed(list.get(index), rest, patch));
    } else if (patch.value() == null) {
      list.remove(index);
    } else if (index == list.size()) {
      list.add(patch.value());
    } else {
      list.set(index, patch.value());
    }
    return list;
  }

  private int index(List<Object> list, String which, Patch patch) {
    int colon = which.indexOf(':');
    if (colon > 0) {
      String key = which.substring(0, colon);
      String wanted = which.substring(colon + 1);
      for (int i = 0; i < list.size(); i++) {
        if (Trees.text(Trees.map(list.get(i)).get(key)).equals(wanted)) {
          return i;
        }
      }
      throw nothing(which, patch);
    }
    int index;
    try {
      index = Integer.parseInt(which);
    } catch (NumberFormatException e) {
      throw nothing(which, patch);
    }
    // -1 is the place behind the last: an element is added there.
    int place = index < 0 ? list.size() : index;
    if (place > list.size()) {
      throw nothing(which, patch);
    }
    return place;
  }

  private InstallException nothing(String which, Patch patch) {
    return new InstallException(
        "overlay of "
            + kind
            + " "
            + name
            + ": the path '"
            + patch.path()
            + "' leads nowhere, there is no element ["
            + which
            + "]");
  }
}
