package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code --set path=value}, laid over the {@code spec} of an IstioOperator. */
final class Settings {
  private Settings() {}

  static Map<String, Object> applied(Map<String, Object> spec, List<String> settings) {
    Map<String, Object> result = spec;
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new InstallException(
            "--set " + setting + ": write it as path=value, such as values.global.tag=1.0");
      }
      String path = setting.substring(0, equals);
      List<String> steps =
          List.of((path.startsWith("spec.") ? path.substring(5) : path).split("(?<!\\\\)\\.", -1));
      Object changed = set(result, steps, scalar(setting.substring(equals + 1)), setting);
      result = Trees.map(changed);
    }
    return result;
  }

  private static Object set(
      @Nullable Object tree, List<String> steps, Object value, String setting) {
    if (steps.isEmpty()) {
      return value;
    }
    String step = steps.getFirst().replace("\\.", ".");
    List<String> rest = steps.subList(1, steps.size());
    int bracket = step.indexOf('[');
    Map<String, Object> map = new LinkedHashMap<>(Trees.map(tree));
    if (bracket < 0) {
      map.put(step, set(map.get(step), rest, value, setting));
      return map;
    }
    String key = step.substring(0, bracket);
    List<Object> list = new ArrayList<>(Trees.list(map.get(key)));
    int index = index(step.substring(bracket), setting);
    if (index > list.size()) {
      throw new InstallException(
          "--set " + setting + ": " + key + " has only " + list.size() + " elements");
    }
    Object changed = set(index < list.size() ? list.get(index) : null, rest, value, setting);
    if (index < list.size()) {
      list.set(index, changed);
    } else {
      list.add(changed);
    }
    map.put(key, list);
    return map;
  }

  private static int index(String text, String setting) {
    if (!text.matches("\\[\\d{1,4}]")) {
      throw new InstallException("--set " + setting + ": '" + text + "' is no index such as [0]");
    }
    return Integer.parseInt(text.substring(1, text.length() - 1));
  }

  private static Object scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return text.matches("-?(0|[1-9]\\d{0,17})") ? (Object) Long.valueOf(text) : text;
  }
}
