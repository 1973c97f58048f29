package dev.weft.apiserver.storage;

import dev.weft.apiserver.ResourceType;

/** Names what is stored together: one type in all its versions. */
public record TypeKey(String group, String plural) {
  public static TypeKey of(ResourceType type) {
    return new TypeKey(type.group(), type.plural());
  }

  /** As written in the storage: {@code deployments.apps}. */
  public String text() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  public static TypeKey parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TypeKey("", text)
        : new TypeKey(text.substring(dot + 1), text.substring(0, dot));
  }
}
